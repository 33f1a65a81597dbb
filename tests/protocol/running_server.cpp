// SPDX-License-Identifier: MIT
// Starting and stopping the server under test.
#include "tests/protocol/running_server.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <future>
#include <iterator>
#include <stdexcept>

namespace faultline::protocol_test {

void MemoryFunction::bar_read(unsigned bar, uint64_t offset, std::span<std::byte> data) {
  last_offset = offset;
  if (bar == 0) {
    std::ranges::copy(std::span(bar0).subspan(offset, data.size()), data.begin());
  } else {
    std::ranges::fill(data, std::byte{0});
  }
}

void MemoryFunction::bar_write(unsigned bar, uint64_t offset, std::span<const std::byte> data) {
  last_offset = offset;
  if (bar == 0) std::ranges::copy(data, bar0.begin() + static_cast<ptrdiff_t>(offset));
}

void MemoryFunction::reset(pci::ResetKind kind) {
  resets.push_back(kind);
  std::ranges::fill(bar0, std::byte{0});
}

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "faultline-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() { std::filesystem::remove_all(path_); }

pci::PciIdentity memory_identity() {
  return {.vendor_id = 0x1234,
          .device_id = 0x5678,
          .class_code = 0x0b4000,
          .revision = 7,
          .subsystem_vendor_id = 0xabcd,
          .subsystem_id = 0xef01,
          .bars = {{.index = 0, .size = kBar0Size},
                   {.index = 2,
                    .size = kBar2Size,
                    .width = pci::BarWidth::k64,
                    .prefetchable = pci::Prefetchable::kYes}},
          .interrupts = {.vectors = 4}};
}

RunningServer::RunningServer(const pci::PciIdentity& identity, pci::Observer* observer,
                             pci::Work* work)
    : path_(directory_.file("socket")),
      server_(loop_, function_, identity, path_, observer),
      action_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  loop_.watch(action_event_.get(), POLLIN, [this](short) { run_action(); });
  thread_ = std::thread([this, work] { loop_.run(work); });
}

RunningServer::~RunningServer() {
  loop_.stop();
  thread_.join();
}

void RunningServer::on_loop(const std::function<void(MemoryFunction&)>& action) {
  std::promise<void> done;
  {
    const std::lock_guard lock(mutex_);
    action_ = [&] {
      action(function_);
      done.set_value();
    };
  }
  eventfd_write(action_event_.get(), 1);
  done.get_future().get();
}

bool RunningServer::eventually(const std::function<bool(MemoryFunction&)>& holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (std::chrono::steady_clock::now() < end) {
    bool held = false;
    on_loop([&](MemoryFunction& function) { held = holds(function); });
    if (held) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

void RunningServer::run_action() {
  eventfd_t count;
  eventfd_read(action_event_.get(), &count);
  std::function<void()> action;
  {
    const std::lock_guard lock(mutex_);
    action = std::exchange(action_, nullptr);
  }
  if (action) action();
}

size_t open_descriptors() {
  const std::filesystem::directory_iterator fds("/proc/self/fd");
  return static_cast<size_t>(std::distance(begin(fds), end(fds)));
}

}  // namespace faultline::protocol_test
