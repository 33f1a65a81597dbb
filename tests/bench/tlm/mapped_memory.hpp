// SPDX-License-Identifier: MIT
// System memory as the device program has it: a memory file behind the server's table of ranges.
#pragma once

#include <cstdint>
#include <span>

#include "qemu_device/vfio_user/dma_table.hpp"
#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/tlm/host_memory.hpp"

namespace faultline::bench {

/// One range from address 0 on. For the builders of page tables it is memory too.
class MappedMemory : public tlm::HostMemory, public mmu::Memory {
 public:
  /// Throws std::runtime_error if the host cannot give that much.
  explicit MappedMemory(uint64_t bytes);

  using mmu::Memory::span;
  std::span<std::byte> span(uint64_t address, size_t size, tlm::Intent intent) override;
  bool read(uint64_t address, std::span<std::byte> out) override;
  bool write(uint64_t address, std::span<const std::byte> in) override;

  bool read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out) override;
  bool write(mmu::Aperture aperture, uint64_t address, std::span<const std::byte> in) override;

 private:
  vfio_user::DmaTable table_;
};

}  // namespace faultline::bench
