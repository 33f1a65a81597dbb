// SPDX-License-Identifier: MIT
// Interrupt vectors of the five vfio PCI interrupt types: eventfds, masks and latched events.
#pragma once

#include <linux/vfio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "qemu_device/vfio_user/unique_fd.hpp"
#include "qemu_device/vfio_user/wire.hpp"

namespace faultline::vfio_user {

enum class RaiseResult { kSent, kLatched };

class IrqTable {
 public:
  using Counts = std::array<uint32_t, VFIO_PCI_NUM_IRQS>;

  explicit IrqTable(const Counts& counts);

  uint32_t count(uint32_t index) const { return static_cast<uint32_t>(types_[index].size()); }
  /// Carries out a SET_IRQS message. `data` is what follows its fixed part. Returns 0 or an errno:
  /// EINVAL (malformed, out of range, not an eventfd), ENOTSUP (eventfds for mask and unmask
  /// events). Refused messages change nothing.
  int set(const IrqSet& request, std::span<const std::byte> data, std::span<UniqueFd> fds);
  /// Signals the vector's eventfd, or remembers the event while there is none or the vector is
  /// masked.
  RaiseResult raise(uint32_t index, uint32_t vector);
  bool pending(uint32_t index, uint32_t vector) const { return types_[index][vector].pending; }
  /// The device was reset: latched events and masks are gone, eventfds stay.
  void reset();
  /// The client is gone: as reset(), and its eventfds are closed.
  void disconnect();

 private:
  struct Vector {
    UniqueFd eventfd;
    bool masked = false;
    bool pending = false;
  };

  int assign(std::span<Vector> vectors, std::span<UniqueFd> fds);
  static void deliver(Vector& vector);

  std::array<std::vector<Vector>, VFIO_PCI_NUM_IRQS> types_;
};

}  // namespace faultline::vfio_user
