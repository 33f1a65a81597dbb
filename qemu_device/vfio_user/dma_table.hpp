// SPDX-License-Identifier: MIT
// The client's memory as it mapped it for us: guest-physical ranges and the host memory behind
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "qemu_device/vfio_user/unique_fd.hpp"

namespace faultline::vfio_user {

enum class DmaAccess { kRead, kWrite };

/// One mapped range. Without a descriptor (flash, VGA, our own BARs) it is known but cannot be
/// reached: `host` is null.
struct DmaRange {
  uint64_t address;
  uint64_t size;
  uint64_t offset;  // in the client's file
  bool readable;
  bool writable;
  std::byte* host;

  bool allows(DmaAccess access) const {
    return host != nullptr && (access == DmaAccess::kRead ? readable : writable);
  }
};

/// Ranges never overlap. A range stays where it is until it is unmapped, so spans are valid until
/// the next unmap.
class DmaTable {
 public:
  DmaTable() = default;
  DmaTable(const DmaTable&) = delete;
  DmaTable& operator=(const DmaTable&) = delete;
  ~DmaTable() { clear(); }

  /// Adds `range` (its `host` is ignored), mapping `fd` if there is one; the descriptor is closed
  /// either way. Returns 0 or an errno: EINVAL (empty, unaligned, wraps, beyond the file), EEXIST
  /// (overlaps), ENOSPC (too many), or mmap's.
  int map(DmaRange range, UniqueFd fd);
  /// Returns 0, or ENOENT unless address and size match one range exactly.
  int unmap(uint64_t address, uint64_t size);
  void clear();

  /// The range that holds `address`, or null.
  const DmaRange* find(uint64_t address) const;
  /// Host memory behind [address, address + size) if one range holds it all and allows the access,
  /// else an empty span.
  std::span<std::byte> span(uint64_t address, size_t size, DmaAccess access) const;
  /// Copies across ranges; false, with nothing copied, unless every byte allows the access.
  bool read(uint64_t address, std::span<std::byte> out) const;
  bool write(uint64_t address, std::span<const std::byte> in) const;

  const std::vector<DmaRange>& ranges() const { return ranges_; }

 private:
  bool overlaps(uint64_t address, uint64_t size) const;
  bool allowed(uint64_t address, size_t size, DmaAccess access) const;

  std::vector<DmaRange> ranges_;  // sorted by address
  mutable size_t last_ = 0;       // index of the last hit: accesses come in runs
};

}  // namespace faultline::vfio_user
