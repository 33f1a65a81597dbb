// SPDX-License-Identifier: MIT
// DMA_MAP and DMA_UNMAP.
#include <linux/vfio.h>

#include <cerrno>

#include "qemu_device/vfio_user/session.hpp"

namespace faultline::vfio_user {

int Session::dma_map(Message& message) {
  if (message.payload.size() != sizeof(DmaMap) || message.fds.size() > 1) return EINVAL;
  const auto request = load<DmaMap>(message.payload);
  constexpr uint32_t kPermissions = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE;
  if (request.argsz < sizeof(DmaMap)) return EINVAL;
  if ((request.flags & kPermissions) == 0 || (request.flags & ~kPermissions) != 0) return EINVAL;
  const DmaRange range{.address = request.address,
                       .size = request.size,
                       .offset = request.offset,
                       .readable = (request.flags & VFIO_DMA_MAP_FLAG_READ) != 0,
                       .writable = (request.flags & VFIO_DMA_MAP_FLAG_WRITE) != 0,
                       .host = nullptr};
  UniqueFd fd = message.fds.empty() ? UniqueFd{} : std::move(message.fds.front());
  if (const int error = dma_.map(range, std::move(fd))) return error;
  device_.dma_mapped(*dma_.find(request.address));
  return 0;
}

int Session::dma_unmap(const Message& message) {
  if (message.payload.size() != sizeof(DmaUnmap)) return EINVAL;
  const auto request = load<DmaUnmap>(message.payload);
  if (request.argsz < sizeof(DmaUnmap)) return EINVAL;
  if (request.flags == VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP) return ENOTSUP;
  if (request.flags == VFIO_DMA_UNMAP_FLAG_ALL) {
    if (request.address != 0 || request.size != 0) return EINVAL;
    dma_.clear();
    device_.dma_unmapped(0, UINT64_MAX);
  } else {
    if (request.flags != 0) return EINVAL;
    if (const int error = dma_.unmap(request.address, request.size)) return error;
    device_.dma_unmapped(request.address, request.size);
  }
  reply(request);
  return 0;
}

}  // namespace faultline::vfio_user
