// SPDX-License-Identifier: MIT
// faultline-device as its own process, with the test in the part of the guest: RAM, registers, a
// ring, an interrupt.
#pragma once

#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"
#include "tests/protocol/child_process.hpp"
#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::device_test {

/// A fresh device program; killed at the end.
class Program {
 public:
  /// Does not wait for it: a wrong option may end it at once.
  explicit Program(const std::vector<std::string>& options, bool with_socket = true);

  const std::string& socket() const { return socket_; }
  std::string file(const std::string& name) const { return directory_.file(name); }
  /// False if it ended, or did not say that it is ready within five seconds.
  bool wait_until_ready();
  int wait() { return process_.wait(); }
  pid_t pid() const { return process_.pid(); }
  /// Of all that it ran until now.
  std::chrono::nanoseconds cpu_time() const;
  /// All that it printed so far.
  std::string output() const;

 private:
  protocol_test::TemporaryDirectory directory_;
  std::string socket_;
  protocol_test::ChildProcess process_;
};

using JobWords = std::array<uint64_t, regs::job::kWords>;
using CompletionWords = std::array<uint64_t, regs::completion::kWords>;

/// RAM as page-table builders want it.
class Ram : public mmu::Memory {
 public:
  static constexpr uint64_t kBytes = 64 << 20;

  Ram();
  Ram(const Ram&) = delete;
  Ram& operator=(const Ram&) = delete;
  ~Ram() override;

  int fd() const { return fd_.get(); }
  template <typename T>
  std::span<T> at(uint64_t address, size_t count) {
    return {reinterpret_cast<T*>(bytes_.data() + address), count};
  }
  bool read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out) override;
  bool write(mmu::Aperture aperture, uint64_t address, std::span<const std::byte> in) override;

 private:
  protocol_test::UniqueFd fd_;
  std::span<std::byte> bytes_;
};

/// Memory map: the rings of channel c begin at kRings + c * 8 KiB; the rest is the test's.
class Machine {
 public:
  static constexpr uint64_t kRings = 0x100000;
  static constexpr unsigned kLog2Entries = 4;
  static constexpr unsigned kCopyChannel = 32;

  explicit Machine(const std::vector<std::string>& options = {});

  uint32_t read(uint32_t offset) { return client->read32(0, offset); }
  void write(uint32_t offset, uint32_t value) { client->write32(0, offset, value); }

  void enable(unsigned channel, std::optional<mmu::InstancePointer> instance = {});
  /// Puts a job into the ring and rings the doorbell.
  void submit(unsigned channel, const JobWords& job);
  /// Waits for the completion of the channel's latest job, five seconds at most.
  CompletionWords wait_for_completion(unsigned channel);
  bool completed(unsigned channel);

  Program program;
  Ram ram;
  std::unique_ptr<protocol_test::Client> client;
  protocol_test::UniqueFd interrupt;

 private:
  uint64_t ring_of(unsigned channel) const { return kRings + uint64_t{channel} * 0x2000; }
  uint64_t completion_of(unsigned channel) const;

  std::array<uint32_t, regs::chan_doorbell::kCount> queued_{};
};

/// Waits until `holds()`; false after five seconds.
template <typename Condition>
bool eventually(Condition&& holds) {
  for (int i = 0; i < 5000; ++i) {
    if (holds()) return true;
    usleep(1000);
  }
  return false;
}

}  // namespace faultline::device_test
