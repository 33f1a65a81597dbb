// SPDX-License-Identifier: MIT
// Serves one device to one client at a time over a UNIX socket, inside an event loop.
#pragma once

#include <optional>
#include <string>

#include "qemu_device/vfio_user/connection.hpp"
#include "qemu_device/vfio_user/device.hpp"
#include "qemu_device/vfio_user/event_loop.hpp"
#include "qemu_device/vfio_user/listener.hpp"
#include "qemu_device/vfio_user/session.hpp"

namespace faultline::vfio_user {

class Server {
 public:
  /// Listens from now on; throws what Listener throws.
  Server(EventLoop& loop, Device& device, std::string socket_path);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  DmaTable& dma() { return session_.dma(); }
  IrqTable& irqs() { return session_.irqs(); }

 private:
  void greet();
  void serve(short revents);
  bool exchange(short revents);
  bool handle_messages();
  bool has_room();
  void answer(Message& message);
  void drop_client();

  EventLoop& loop_;
  Session session_;
  Listener listener_;
  std::optional<Connection> client_;
};

}  // namespace faultline::vfio_user
