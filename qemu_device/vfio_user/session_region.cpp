// SPDX-License-Identifier: MIT
// GET_REGION_INFO, GET_REGION_IO_FDS, REGION_READ, REGION_WRITE and REGION_WRITE_MULTI.
#include <linux/vfio.h>

#include <algorithm>
#include <cerrno>

#include "qemu_device/vfio_user/session.hpp"

namespace faultline::vfio_user {

int Session::get_region_info(const Message& message) {
  if (message.payload.size() != sizeof(RegionInfo)) return EINVAL;
  const auto request = load<RegionInfo>(message.payload);
  if (request.argsz < sizeof(RegionInfo) || request.index >= VFIO_PCI_NUM_REGIONS) return EINVAL;
  const Region region = device_.region(request.index);
  uint32_t flags = 0;
  if (region.size != 0) flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
  if (region.fd >= 0) flags |= VFIO_REGION_INFO_FLAG_MMAP;
  reply(RegionInfo{sizeof(RegionInfo), flags, request.index, 0, region.size, region.fd_offset});
  reply_fd_ = region.fd;
  return 0;
}

/// We offer no ioeventfd or ioregionfd: the list is empty.
int Session::get_region_io_fds(const Message& message) {
  if (message.payload.size() != sizeof(RegionIoFds)) return EINVAL;
  const auto request = load<RegionIoFds>(message.payload);
  if (request.argsz < sizeof(RegionIoFds) || request.index >= VFIO_PCI_NUM_REGIONS) return EINVAL;
  if (request.flags != 0 || request.count != 0) return EINVAL;
  reply(RegionIoFds{sizeof(RegionIoFds), 0, request.index, 0});
  return 0;
}

int Session::region_read(const Message& message) {
  if (message.payload.size() != sizeof(RegionAccess)) return EINVAL;
  const auto request = load<RegionAccess>(message.payload);
  if (const int error = check_access(request.offset, request.region, request.count)) return error;
  reply(request);
  reply_.resize(sizeof(RegionAccess) + request.count);
  device_.region_read(request.region, request.offset,
                      std::span(reply_).subspan(sizeof(RegionAccess)));
  return 0;
}

int Session::region_write(const Message& message) {
  if (message.payload.size() < sizeof(RegionAccess)) return EINVAL;
  const auto request = load<RegionAccess>(message.payload);
  const auto data = message.payload.subspan(sizeof(RegionAccess));
  if (data.size() != request.count) return EINVAL;
  if (const int error = check_access(request.offset, request.region, request.count)) return error;
  device_.region_write(request.region, request.offset, data);
  reply(request);
  return 0;
}

/// All writes are checked before the first is done: QEMU sends these without asking for a reply,
/// and would never learn which of them were dropped.
int Session::region_write_multi(const Message& message) {
  uint64_t count;
  if (!write_multiple_ || message.payload.size() < sizeof(count)) return EINVAL;
  count = load<uint64_t>(message.payload);
  const auto writes = message.payload.subspan(sizeof(count));
  if (count == 0 || writes.size() % sizeof(MultiWrite) != 0) return EINVAL;
  if (count != writes.size() / sizeof(MultiWrite)) return EINVAL;
  const auto nth = [&](size_t i) {
    return load<MultiWrite>(writes.subspan(i * sizeof(MultiWrite)));
  };
  for (size_t i = 0; i < count; ++i) {
    const MultiWrite write = nth(i);
    if (write.count > sizeof(write.data)) return EINVAL;
    if (const int error = check_access(write.offset, write.region, write.count)) return error;
  }
  for (size_t i = 0; i < count; ++i) {
    const MultiWrite write = nth(i);
    device_.region_write(write.region, write.offset, std::span(write.data).first(write.count));
  }
  reply(count);
  return 0;
}

int Session::check_access(uint64_t offset, uint32_t region, uint64_t count) const {
  if (region >= VFIO_PCI_NUM_REGIONS || count == 0 || count > kMaxDataTransfer) return EINVAL;
  const uint64_t size = device_.region(region).size;
  return count <= size && offset <= size - count ? 0 : EINVAL;
}

}  // namespace faultline::vfio_user
