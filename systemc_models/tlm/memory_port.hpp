// SPDX-License-Identifier: MIT
// The socket through which a module reaches physical memory, with the calls that modules want.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <array>
#include <span>
#include <tlm>

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/tlm/host_memory.hpp"
#include "systemc_models/tlm/physical.hpp"

namespace faultline::tlm {

/// Accesses take no simulated time; whoever issues them accounts for it. Pointers from direct() and
/// those kept inside hold until the memory invalidates them, which it does between simulation runs
/// only.
class MemoryPort : public tlm_utils::simple_initiator_socket<MemoryPort> {
 public:
  explicit MemoryPort(const char* name);
  ~MemoryPort() override;

  /// Memory behind [address, address + size), or null if it is not all reachable in one piece.
  std::byte* direct(mmu::Aperture aperture, uint64_t address, size_t size, Intent intent) {
    if (aperture == mmu::Aperture::kPeer) return nullptr;
    Region& region = cached_region(aperture, address);
    if (!region.holds(address, size, intent) && !grant(region, aperture, address, size, intent))
        [[unlikely]]
      return nullptr;
    return region.memory + (address - region.first);
  }
  /// Ordered as in ordered_copy.hpp; false, with nothing copied, if any byte is outside memory.
  bool read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out);
  bool write(mmu::Aperture aperture, uint64_t address, std::span<const std::byte> in);

 private:
  struct Region {
    std::byte* memory = nullptr;
    uint64_t first = 1;
    uint64_t last = 0;
    Intent intent = Intent::kRead;

    bool holds(uint64_t address, size_t size, Intent wanted) const {
      if (address < first || address > last || size > last - address + 1) return false;
      return wanted == Intent::kRead || intent == Intent::kWrite;
    }
  };

  // System memory comes in mapped ranges; its memories grant blocks of this size or what was asked.
  static constexpr unsigned kSystemBlockShift = 21;

  Region& cached_region(mmu::Aperture aperture, uint64_t address) {
    if (aperture == mmu::Aperture::kVidmem) return vram_;
    return system_[(address >> kSystemBlockShift) % system_.size()];
  }
  /// Asks the memory for direct access; false if it grants none to all of it.
  bool grant(Region& region, mmu::Aperture aperture, uint64_t address, size_t size, Intent intent);
  bool transport(::tlm::tlm_command command, mmu::Aperture aperture, uint64_t address,
                 std::byte* data, size_t size);
  void prepare(::tlm::tlm_command command, mmu::Aperture aperture, uint64_t address,
               std::byte* data, size_t size);
  void invalidate(sc_dt::uint64 first, sc_dt::uint64 last);

  // One transaction is enough: memories answer without waiting.
  ::tlm::tlm_generic_payload payload_;
  Physical physical_;
  Region vram_;
  std::array<Region, 64> system_;
};

}  // namespace faultline::tlm
