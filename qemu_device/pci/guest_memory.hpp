// SPDX-License-Identifier: MIT
// DmaSpace over the client's mapped ranges, closed while bus mastering is off.
#pragma once

#include "qemu_device/pci/config_space.hpp"
#include "qemu_device/pci/pci_function.hpp"
#include "qemu_device/vfio_user/dma_table.hpp"

namespace faultline::pci {

/// Bus-master enable has to be checked here: access through mapped memory passes by everything that
/// QEMU would check.
class GuestMemory : public DmaSpace {
 public:
  GuestMemory(const vfio_user::DmaTable& table, const ConfigSpace& config)
      : table_(table), config_(config) {}

  std::span<std::byte> span(uint64_t address, size_t size, bool write) override {
    if (!config_.bus_master()) return {};
    return table_.span(address, size,
                       write ? vfio_user::DmaAccess::kWrite : vfio_user::DmaAccess::kRead);
  }
  bool read(uint64_t address, std::span<std::byte> out) override {
    return config_.bus_master() && table_.read(address, out);
  }
  bool write(uint64_t address, std::span<const std::byte> in) override {
    return config_.bus_master() && table_.write(address, in);
  }

 private:
  const vfio_user::DmaTable& table_;
  const ConfigSpace& config_;
};

}  // namespace faultline::pci
