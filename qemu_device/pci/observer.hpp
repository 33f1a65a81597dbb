// SPDX-License-Identifier: MIT
// Everything that crosses the PCIe boundary, seen at one place: for logs, and for recording and
// replaying a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "qemu_device/pci/pci_function.hpp"

namespace faultline::pci {

enum class Direction { kRead, kWrite };
enum class InterruptFate { kSent, kLatched };

struct DmaMapping {
  uint64_t address;
  uint64_t size;
  bool writable;
  bool reachable;  // false: mapped without a descriptor
};

/// Called from the event loop's thread, in the order of the events: a write before the function
/// sees it, a read after the function answered it. Data is valid during the call.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void connected() {}
  virtual void disconnected() {}
  virtual void config_access(Direction, uint64_t /*offset*/, std::span<const std::byte>) {}
  virtual void bar_access(Direction, unsigned /*bar*/, uint64_t /*offset*/,
                          std::span<const std::byte>) {}
  virtual void dma_mapped(const DmaMapping&) {}
  virtual void dma_unmapped(uint64_t /*address*/, uint64_t /*size*/) {}
  virtual void reset(ResetKind) {}
  virtual void interrupt_raised(unsigned /*vector*/, InterruptFate) {}
  /// The client set up, masked or tore down interrupts; `index` is vfio's.
  virtual void interrupts_configured(uint32_t /*index*/, uint32_t /*flags*/, uint32_t /*start*/,
                                     uint32_t /*count*/) {}
  /// A message was answered with an error.
  virtual void message_refused(uint16_t /*command*/, int /*error*/) {}
};

}  // namespace faultline::pci
