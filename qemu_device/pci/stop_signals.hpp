// SPDX-License-Identifier: MIT
// SIGINT and SIGTERM end an event loop in good order, so that the socket file is removed.
#pragma once

#include "qemu_device/vfio_user/event_loop.hpp"
#include "qemu_device/vfio_user/unique_fd.hpp"

namespace faultline::pci {

/// Make it before any thread: the signals stay blocked in the calling thread and in those that it
/// starts later.
class StopSignals {
 public:
  explicit StopSignals(vfio_user::EventLoop& loop);
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

 private:
  vfio_user::EventLoop& loop_;
  vfio_user::UniqueFd signals_;
};

}  // namespace faultline::pci
