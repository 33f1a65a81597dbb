// SPDX-License-Identifier: MIT
// What the protocol server asks of the device behind it: regions, interrupts' numbers, reset.
#pragma once

#include <linux/vfio.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "qemu_device/vfio_user/dma_table.hpp"
#include "qemu_device/vfio_user/irq_table.hpp"
#include "qemu_device/vfio_user/wire.hpp"

namespace faultline::vfio_user {

/// A region that the client may map directly has the memory it maps: `size` bytes of `fd` from
/// `fd_offset`. One such region makes QEMU wait for the reply of every register write, so a device
/// has one only if it gains more than that.
struct Region {
  uint64_t size = 0;  // 0: there is no such region
  int fd = -1;
  uint64_t fd_offset = 0;
};

/// Calls come from the event loop's thread and must return soon: a client holds its big lock until
/// it has the reply.
class Device {
 public:
  virtual ~Device() = default;

  /// `index` is below VFIO_PCI_NUM_REGIONS. The answer never changes.
  virtual Region region(uint32_t index) const = 0;
  virtual IrqTable::Counts irq_counts() const = 0;
  /// `offset` + `data.size()` lies inside the region.
  virtual void region_read(uint32_t index, uint64_t offset, std::span<std::byte> data) = 0;
  virtual void region_write(uint32_t index, uint64_t offset, std::span<const std::byte> data) = 0;
  /// A device that latches interrupts also resets its IrqTable.
  virtual void reset() = 0;

  /// A client has agreed on the protocol's version; one that is gone has taken its memory and its
  /// eventfds with it.
  virtual void connected() {}
  virtual void disconnected() {}
  virtual void dma_mapped(const DmaRange&) {}
  virtual void dma_unmapped(uint64_t /*address*/, uint64_t /*size*/) {}
  virtual void irqs_set(const IrqSet&) {}
  /// A message was answered with `error`, for logs.
  virtual void message_refused(Command, int /*error*/) {}
};

}  // namespace faultline::vfio_user
