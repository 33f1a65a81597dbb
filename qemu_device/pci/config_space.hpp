// SPDX-License-Identifier: MIT
// The 4 KiB configuration space of a PCI Express endpoint.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "qemu_device/pci/identity.hpp"

namespace faultline::pci {

/// What a configuration write asked for, beyond new values to be read back.
enum class ConfigEffect { kNone, kBusMasterChanged, kFunctionLevelReset };

/// Header, power management, MSI or MSI-X, and PCI Express capability; no extended capability. A
/// client such as QEMU keeps BARs and the MSI address for itself, but reads their layout here and
/// forwards every write.
class ConfigSpace {
 public:
  static constexpr size_t kSize = 4096;

  /// `identity` has passed check().
  explicit ConfigSpace(const PciIdentity& identity);

  void read(uint64_t offset, std::span<std::byte> out) const;
  ConfigEffect write(uint64_t offset, std::span<const std::byte> in);
  bool bus_master() const;
  /// Back to the values after power-on.
  void reset() { bytes_ = reset_; }

 private:
  void put(size_t offset, size_t size, uint32_t value, uint32_t writable);
  void put8(size_t offset, uint8_t value, uint8_t writable = 0) { put(offset, 1, value, writable); }
  void put16(size_t offset, uint16_t value, uint16_t writable = 0) {
    put(offset, 2, value, writable);
  }
  void put32(size_t offset, uint32_t value, uint32_t writable = 0) {
    put(offset, 4, value, writable);
  }
  void add_header(const PciIdentity& identity);
  void add_bar(const Bar& bar);
  void add_power_management(uint8_t next);
  void add_msi(unsigned vectors, uint8_t next);
  void add_msix(const Interrupts& interrupts, uint8_t next);
  void add_express();
  bool resets_function(uint64_t offset, std::span<const std::byte> in) const;

  std::array<std::byte, kSize> bytes_{};
  std::array<std::byte, kSize> reset_{};
  std::array<std::byte, kSize> writable_{};
};

}  // namespace faultline::pci
