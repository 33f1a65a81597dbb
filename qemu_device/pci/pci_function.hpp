// SPDX-License-Identifier: MIT
// The seam between the PCI server and a device model: what a model implements and what it is given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace faultline::pci {

/// Guest memory as the device reaches it. Addresses are guest-physical; every access is checked
/// against the ranges that the client mapped and against bus-master enable.
class DmaSpace {
 public:
  virtual ~DmaSpace() = default;
  /// Host memory behind [address, address + size), or an empty span if any byte of it is not mapped
  /// with the wanted permission or bus mastering is off. Valid until the next return to the event
  /// loop (maps change only there).
  virtual std::span<std::byte> span(uint64_t address, size_t size, bool write) = 0;
  /// Copies that may cross mapped ranges; false, with nothing copied, if any byte is not mapped.
  virtual bool read(uint64_t address, std::span<std::byte> out) = 0;
  virtual bool write(uint64_t address, std::span<const std::byte> in) = 0;
};

/// What a function may ask of its server.
class Host {
 public:
  virtual ~Host() = default;
  virtual DmaSpace& dma() = 0;
  /// Sends interrupt `vector`; latched while the client has no eventfd for it or the vector is
  /// masked.
  virtual void raise(unsigned vector) = 0;
};

enum class ResetKind { kPower, kBus, kFunctionLevel };

/// A device model. All calls come from the event loop's thread; none may block.
class PciFunction {
 public:
  virtual ~PciFunction() = default;
  /// Called once, before anything else; `host` outlives every later call.
  virtual void attach(Host& /*host*/) {}
  /// `offset` + `data.size()` lies inside BAR `bar`; data is little endian.
  virtual void bar_read(unsigned bar, uint64_t offset, std::span<std::byte> data) = 0;
  virtual void bar_write(unsigned bar, uint64_t offset, std::span<const std::byte> data) = 0;
  virtual void reset(ResetKind kind) = 0;
  /// The client's memory map or bus-master enable changed: spans got earlier are void.
  virtual void dma_changed() {}
};

}  // namespace faultline::pci
