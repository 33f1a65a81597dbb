// SPDX-License-Identifier: MIT
// System memory as the host bridge reaches it: what whoever owns the PCI link implements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace faultline::tlm {

enum class Intent : uint8_t { kRead, kWrite };

/// Addresses are those of the bus (guest-physical).
class HostMemory {
 public:
  virtual ~HostMemory() = default;
  /// Host memory behind [address, address + size), or an empty span if any byte of it cannot be
  /// reached so. Valid until Device::host_memory_changed().
  virtual std::span<std::byte> span(uint64_t address, size_t size, Intent intent) = 0;
  /// Copies that may cross mapped ranges; false, with nothing copied, if any byte is not mapped.
  virtual bool read(uint64_t address, std::span<std::byte> out) = 0;
  virtual bool write(uint64_t address, std::span<const std::byte> in) = 0;
};

}  // namespace faultline::tlm
