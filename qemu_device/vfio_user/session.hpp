// SPDX-License-Identifier: MIT
// The protocol without the socket: takes one message at a time and says what to reply.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "qemu_device/vfio_user/connection.hpp"
#include "qemu_device/vfio_user/device.hpp"
#include "qemu_device/vfio_user/dma_table.hpp"
#include "qemu_device/vfio_user/irq_table.hpp"

namespace faultline::vfio_user {

/// The answer to one message; `error` 0 means done. Valid until the next message.
struct Reply {
  int error;
  std::span<const std::byte> payload;
  int fd;
};

class Session {
 public:
  explicit Session(Device& device);

  /// Carries out `message`. Errors are the kernel's where vfio has the same call, else what the
  /// specification names; every refused message leaves all state as it was. Descriptors that are
  /// not kept are closed by the caller's Message.
  Reply handle(Message& message);
  /// The client is gone: forgets its memory, its eventfds and what was agreed.
  void disconnect();

  DmaTable& dma() { return dma_; }
  IrqTable& irqs() { return irqs_; }

 private:
  int dispatch(Message& message);
  int version(const Message& message);
  int dma_map(Message& message);
  int dma_unmap(const Message& message);
  int get_info(const Message& message);
  int get_region_info(const Message& message);
  int get_region_io_fds(const Message& message);
  int get_irq_info(const Message& message);
  int set_irqs(Message& message);
  int region_read(const Message& message);
  int region_write(const Message& message);
  int region_write_multi(const Message& message);
  int device_reset(const Message& message);

  int check_access(uint64_t offset, uint32_t region, uint64_t count) const;
  template <typename T>
  void reply(const T& payload);

  Device& device_;
  DmaTable dma_;
  IrqTable irqs_;
  bool negotiated_ = false;
  bool write_multiple_ = false;
  std::vector<std::byte> reply_;
  int reply_fd_ = -1;
};

template <typename T>
void Session::reply(const T& payload) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&payload);
  reply_.assign(bytes, bytes + sizeof(T));
}

}  // namespace faultline::vfio_user
