// SPDX-License-Identifier: MIT
// Physical memory for tests: any address, only the pages that are used.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>

#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::builder {

class SparseMemory : public mmu::Memory {
 public:
  bool read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out) override;
  bool write(mmu::Aperture aperture, uint64_t address, std::span<const std::byte> in) override;

  /// Nothing answers at this address and above; the last call for an aperture counts.
  void end_at(mmu::Aperture aperture, uint64_t address) { ends_[aperture] = address; }

  uint32_t read32(mmu::Aperture aperture, uint64_t address);
  void write32(mmu::Aperture aperture, uint64_t address, uint32_t value);

 private:
  static constexpr uint64_t kPage = 4096;
  using Page = std::array<std::byte, kPage>;

  bool answers(mmu::Aperture aperture, uint64_t address, size_t size) const;
  /// The bytes from `address` on, up to the end of its page.
  std::span<std::byte> within_page(mmu::Aperture aperture, uint64_t address, size_t size);

  std::map<std::pair<mmu::Aperture, uint64_t>, Page> pages_;
  std::map<mmu::Aperture, uint64_t> ends_;
};

}  // namespace faultline::builder
