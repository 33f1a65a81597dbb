// SPDX-License-Identifier: MIT
// Mapping, unmapping and looking up the client's memory.
#include "qemu_device/vfio_user/dma_table.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "qemu_device/vfio_user/wire.hpp"

namespace faultline::vfio_user {
namespace {

/// First range whose last byte is at or behind `address`.
auto first_ending_from(const std::vector<DmaRange>& ranges, uint64_t address) {
  return std::ranges::lower_bound(ranges, address, std::less<>{},
                                  [](const DmaRange& r) { return r.address + (r.size - 1); });
}

bool holds(const DmaRange& range, uint64_t address) { return address - range.address < range.size; }

/// A mapping past the end of its file would kill us at the first access (SIGBUS), so the size is
/// checked now. A client that shrinks its file later breaks its own guest as well; QEMU's memory
/// back ends cannot.
int check_file(int fd, uint64_t offset, uint64_t size) {
  struct stat status;
  if (fstat(fd, &status) != 0) return errno;
  if (!S_ISREG(status.st_mode)) return EINVAL;
  const auto file_size = static_cast<uint64_t>(status.st_size);
  return size <= file_size && offset <= file_size - size ? 0 : EINVAL;
}

int map_file(DmaRange& range, int fd) {
  if (const int error = check_file(fd, range.offset, range.size)) return error;
  const int protection = (range.readable ? PROT_READ : 0) | (range.writable ? PROT_WRITE : 0);
  void* host = mmap(nullptr, range.size, protection, MAP_SHARED | MAP_NORESERVE, fd,
                    static_cast<off_t>(range.offset));
  if (host == MAP_FAILED) return errno;
  range.host = static_cast<std::byte*>(host);
  return 0;
}

void release(const DmaRange& range) {
  if (range.host != nullptr) munmap(range.host, range.size);
}

}  // namespace

int DmaTable::map(DmaRange range, UniqueFd fd) {
  range.host = nullptr;
  const bool aligned = (range.address | range.size | range.offset) % kPageSize == 0;
  const bool wraps = range.size != 0 && range.address + (range.size - 1) < range.address;
  if (range.size == 0 || !aligned || wraps) return EINVAL;
  if (overlaps(range.address, range.size)) return EEXIST;
  if (ranges_.size() >= kMaxDmaMaps) return ENOSPC;
  if (fd) {
    if (const int error = map_file(range, fd.get())) return error;
  }
  ranges_.insert(first_ending_from(ranges_, range.address), range);
  return 0;
}

int DmaTable::unmap(uint64_t address, uint64_t size) {
  const auto range = first_ending_from(ranges_, address);
  if (range == ranges_.end() || range->address != address || range->size != size) return ENOENT;
  release(*range);
  ranges_.erase(range);
  return 0;
}

void DmaTable::clear() {
  std::ranges::for_each(ranges_, release);
  ranges_.clear();
}

const DmaRange* DmaTable::find(uint64_t address) const {
  if (last_ < ranges_.size() && holds(ranges_[last_], address)) return &ranges_[last_];
  const auto range = first_ending_from(ranges_, address);
  if (range == ranges_.end() || !holds(*range, address)) return nullptr;
  last_ = static_cast<size_t>(range - ranges_.begin());
  return &*range;
}

std::span<std::byte> DmaTable::span(uint64_t address, size_t size, DmaAccess access) const {
  const DmaRange* range = find(address);
  if (range == nullptr || !range->allows(access)) return {};
  const uint64_t offset = address - range->address;
  if (size > range->size - offset) return {};
  return {range->host + offset, size};
}

bool DmaTable::read(uint64_t address, std::span<std::byte> out) const {
  if (!allowed(address, out.size(), DmaAccess::kRead)) return false;
  while (!out.empty()) {
    const DmaRange* range = find(address);
    const uint64_t offset = address - range->address;
    const size_t length = std::min<uint64_t>(out.size(), range->size - offset);
    std::memcpy(out.data(), range->host + offset, length);
    out = out.subspan(length);
    address += length;
  }
  return true;
}

bool DmaTable::write(uint64_t address, std::span<const std::byte> in) const {
  if (!allowed(address, in.size(), DmaAccess::kWrite)) return false;
  while (!in.empty()) {
    const DmaRange* range = find(address);
    const uint64_t offset = address - range->address;
    const size_t length = std::min<uint64_t>(in.size(), range->size - offset);
    std::memcpy(range->host + offset, in.data(), length);
    in = in.subspan(length);
    address += length;
  }
  return true;
}

bool DmaTable::overlaps(uint64_t address, uint64_t size) const {
  const auto next = first_ending_from(ranges_, address);
  return next != ranges_.end() && next->address <= address + (size - 1);
}

bool DmaTable::allowed(uint64_t address, size_t size, DmaAccess access) const {
  while (size != 0) {
    const DmaRange* range = find(address);
    if (range == nullptr || !range->allows(access)) return false;
    const uint64_t left = range->size - (address - range->address);
    if (size <= left) return true;
    size -= left;
    address += left;
    if (address == 0) return false;  // past the end of the address space
  }
  return true;
}

}  // namespace faultline::vfio_user
