// SPDX-License-Identifier: MIT
// poll(), the ready handlers, one quantum of the device's work, and again.
#include "qemu_device/vfio_user/event_loop.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace faultline::vfio_user {
namespace {

/// ppoll() that sleeps for `timeout`, or for ever. Returns the number of ready descriptors.
int wait(std::vector<pollfd>& fds, std::optional<std::chrono::nanoseconds> timeout) {
  timespec limit{};
  if (timeout) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*timeout);
    limit.tv_sec = seconds.count();
    limit.tv_nsec = (*timeout - seconds).count();
  }
  const int ready = ppoll(fds.data(), fds.size(), timeout ? &limit : nullptr, nullptr);
  if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::system_category(), "poll");
  return std::max(ready, 0);
}

}  // namespace

EventLoop::EventLoop() : stop_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!stop_event_) throw std::system_error(errno, std::system_category(), "eventfd");
  watch(stop_event_.get(), POLLIN, [this](short) { stopped_ = true; });
}

void EventLoop::watch(int fd, short events, Handler handler) {
  watches_.push_back({next_id_++, fd, events, std::make_shared<Handler>(std::move(handler))});
  changed_ = true;
}

void EventLoop::set_events(int fd, short events) {
  const auto watch = std::ranges::find(watches_, fd, &Watch::fd);
  if (watch == watches_.end() || watch->events == events) return;
  watch->events = events;
  changed_ = true;
}

void EventLoop::unwatch(int fd) {
  std::erase_if(watches_, [fd](const Watch& watch) { return watch.fd == fd; });
  changed_ = true;
}

void EventLoop::run(Work* work) {
  std::vector<pollfd> fds;
  std::vector<uint64_t> ids;
  changed_ = true;
  while (!stopped_) {
    if (std::exchange(changed_, false)) {
      fds.clear();
      ids.clear();
      for (const Watch& watch : watches_) {
        fds.push_back({watch.fd, watch.events, 0});
        ids.push_back(watch.id);
      }
    }
    const auto due = work != nullptr ? work->due() : std::nullopt;
    if (wait(fds, due) != 0) dispatch(fds, ids);
    if (work != nullptr && !stopped_) {
      const auto now_due = work->due();
      if (now_due && *now_due <= std::chrono::nanoseconds::zero()) work->run_quantum();
    }
  }
  uint64_t count;
  stopped_ = ::read(stop_event_.get(), &count, sizeof(count)) < 0;
}

void EventLoop::stop() noexcept {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_event_.get(), &one, sizeof(one));
}

/// A handler may add and remove watches, its own too, and a descriptor's number may be used again:
/// hence the ids.
void EventLoop::dispatch(const std::vector<pollfd>& ready, const std::vector<uint64_t>& ids) {
  for (size_t i = 0; i < ready.size(); ++i) {
    if (ready[i].revents == 0) continue;
    const auto watch = std::ranges::find(watches_, ids[i], &Watch::id);
    if (watch == watches_.end()) continue;
    const std::shared_ptr<Handler> handler = watch->handler;
    (*handler)(ready[i].revents);
  }
}

}  // namespace faultline::vfio_user
