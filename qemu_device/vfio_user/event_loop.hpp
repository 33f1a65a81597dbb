// SPDX-License-Identifier: MIT
// One thread's loop: sleeps in poll() until a descriptor is ready or the device has work, and runs
// both.
#pragma once

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "qemu_device/vfio_user/unique_fd.hpp"

namespace faultline::vfio_user {

/// What a device model does between messages.
class Work {
 public:
  virtual ~Work() = default;
  /// How long the loop may sleep if nothing else happens: zero while the model has something to do,
  /// nothing while only a message can give it something to do. Asked before every sleep.
  virtual std::optional<std::chrono::nanoseconds> due() = 0;
  /// Called when due. Should return within some ten microseconds: register reads wait that long.
  virtual void run_quantum() = 0;
};

class EventLoop {
 public:
  using Handler = std::function<void(short revents)>;

  EventLoop();

  /// Calls `handler` with poll()'s events of `fd` until unwatch(fd). One handler a descriptor.
  void watch(int fd, short events, Handler handler);
  void set_events(int fd, short events);
  void unwatch(int fd);

  /// Runs until stop(). `work` may be null.
  void run(Work* work = nullptr);
  /// Makes run() return, or return at once if it does not run yet. May be called from any thread
  /// and from a signal handler.
  void stop() noexcept;

 private:
  struct Watch {
    uint64_t id;
    int fd;
    short events;
    std::shared_ptr<Handler> handler;
  };

  void dispatch(const std::vector<pollfd>& ready, const std::vector<uint64_t>& ids);

  UniqueFd stop_event_;
  std::vector<Watch> watches_;
  uint64_t next_id_ = 0;
  bool stopped_ = false;
  bool changed_ = true;
};

}  // namespace faultline::vfio_user
