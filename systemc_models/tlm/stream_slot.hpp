// SPDX-License-Identifier: MIT
// A piece of a stream job in flight: a run of elements and the one or two page accesses it takes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/tlm/page.hpp"

namespace faultline::tlm {

/// How the elements of an access lie in its page.
enum class Layout : uint8_t {
  kContiguous,  ///< one after the other from `va` on
  kScattered,   ///< at StreamSlot::offsets
};

/// An access to one page. All its elements are touched when its translation arrives.
struct PageAccess {
  mmu::Access access = mmu::Access::kRead;
  uint64_t va = 0;  ///< of its first element; what a fault reports
  Layout layout = Layout::kContiguous;

  bool writes() const { return access != mmu::Access::kRead && access != mmu::Access::kPrefetch; }
};

struct StreamSlot {
  static constexpr unsigned kMaxScattered = 512;
  static constexpr unsigned kMaxAccesses = 2;

  enum class Wait : uint8_t { kNot, kAsked, kParked, kStalled };

  uint64_t first = 0;          ///< position of the first element
  uint64_t elements = 0;       ///< how many of the job's elements are finished with this slot
  uint32_t count = 0;          ///< how many values are in `data`
  unsigned element_shift = 0;  ///< log2 of the bytes of each
  std::array<PageAccess, kMaxAccesses> accesses;
  unsigned access_count = 0;
  unsigned next = 0;  ///< the access that is due
  Wait wait = Wait::kNot;
  uint64_t tag = 0;
  std::array<uint16_t, kMaxScattered> offsets;
  alignas(uint64_t) std::array<std::byte, kPageBytes> data;

  void clear(unsigned shift) {
    first = elements = 0;
    count = access_count = next = 0;
    element_shift = shift;
    wait = Wait::kNot;
  }
  void add(const PageAccess& access) { accesses[access_count++] = access; }
  bool is_done() const { return next == access_count; }
  const PageAccess& current() const { return accesses[next]; }
  std::span<std::byte> bytes() { return std::span(data).first(size_t{count} << element_shift); }
  std::span<std::byte> element(uint32_t k) {
    return std::span(data).subspan(size_t{k} << element_shift, size_t{1} << element_shift);
  }
};

}  // namespace faultline::tlm
