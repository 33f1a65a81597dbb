// SPDX-License-Identifier: MIT
// MSI-X table and pending bits, where they lie in their BAR.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "qemu_device/pci/identity.hpp"

namespace faultline::pci {

/// A client routes the messages itself and tells us eventfds, so the table only has to keep what is
/// written. The pending bits are ours: QEMU forwards reads of them.
class MsixTable {
 public:
  using IsPending = std::function<bool(unsigned vector)>;

  explicit MsixTable(const Interrupts& interrupts);

  /// True if the access lies in table or pending bits and was carried out.
  bool read(unsigned bar, uint64_t offset, std::span<std::byte> out, const IsPending& is_pending);
  bool write(unsigned bar, uint64_t offset, std::span<const std::byte> in);
  void reset();

 private:
  /// Where in `area`, of `size` bytes, an access lies; nothing if it is not wholly inside.
  std::optional<uint64_t> inside(unsigned bar, uint64_t offset, size_t length, uint64_t area,
                                 size_t size) const;
  size_t pba_size() const;

  Interrupts interrupts_;
  std::vector<std::byte> table_;
};

}  // namespace faultline::pci
