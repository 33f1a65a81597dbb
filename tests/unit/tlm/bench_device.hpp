// SPDX-License-Identifier: MIT
// A whole device on the bench: registers, rings and memory within a test's reach.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "systemc_models/tlm/device.hpp"
#include "tests/unit/tlm/fake_host_memory.hpp"
#include "tests/unit/tlm/fake_mmu.hpp"
#include "tests/unit/tlm/kernel.hpp"

namespace faultline::tests {

struct CountingSink : tlm::MessageSink {
  void send_interrupt() override { ++messages; }
  unsigned messages = 0;
};

/// A job as a test writes it; fields not named are 0.
struct JobFields {
  regs::Opcode opcode = regs::Opcode::kNop;
  unsigned size = 3;
  bool intr = false;
  bool weak = false;
  regs::AddressMode dst_mode = regs::AddressMode::kVirtual;
  regs::AddressMode src_mode = regs::AddressMode::kVirtual;
  regs::AluOp alu_op = regs::AluOp::kAdd;
  uint32_t id = 0;
  uint64_t dst = 0;
  uint64_t src = 0;
  uint64_t count = 0;
  uint64_t index = 0;
  uint64_t operand = 0;
  uint64_t compare = 0;
  uint64_t stride = 0;
};

tlm::JobWords encode(const JobFields& fields);

/// A completion as software reads it.
struct CompletionFields {
  bool valid;
  regs::CompletionStatus status;
  uint8_t fault_type;
  regs::AccessType access_type;
  uint32_t job_id;
  uint64_t result;
  uint64_t done;
  uint64_t fault_address;
};

/// Memory map: system memory 4 MiB from 0; rings of channel c at kRings + c * 8 KiB, 4 entries; the
/// rest is the test's. VRAM: 16 MiB.
class BenchDevice {
 public:
  static constexpr uint64_t kRings = 0x100000;
  static constexpr uint64_t kSystemBytes = 0x400000;
  static constexpr uint64_t kVramBytes = 0x1000000;
  static constexpr unsigned kLog2Entries = 2;
  static constexpr unsigned kFirstCopy = 32;

  BenchDevice() : BenchDevice(tlm::DeviceConfig{.vram_bytes = kVramBytes}) {}
  explicit BenchDevice(const tlm::DeviceConfig& config);

  uint32_t read(uint32_t offset);
  void write(uint32_t offset, uint32_t value);

  void enable(unsigned channel, bool use_inst = true);
  void disable(unsigned channel) { write(regs::chan_ctrl::offset(channel), 0); }
  /// Puts it into the next entry of the ring, without a doorbell.
  void queue(unsigned channel, const JobFields& job);
  void ring(unsigned channel);
  /// Runs until there is nothing to do.
  void run();
  /// Of the `n`-th job since enable().
  CompletionFields completion(unsigned channel, unsigned n = 0);
  /// All of it: queue, ring, run, and the completion.
  CompletionFields do_job(unsigned channel, const JobFields& job);
  regs::ChanState state(unsigned channel);

  FakeMmu& mmu() { return *mmu_; }
  template <typename T>
  std::span<T> system(uint64_t address, size_t count) {
    const auto bytes = host.span(address, count * sizeof(T), tlm::Intent::kRead);
    return {reinterpret_cast<T*>(bytes.data()), count};
  }
  template <typename T>
  std::span<T> vram(uint64_t address, size_t count) {
    return {reinterpret_cast<T*>(device->vram().memory().data() + address), count};
  }
  /// Maps `pages` pages from `va` on to system memory at `pa`.
  void map_system(uint64_t va, uint64_t pa, unsigned pages = 1);

 private:
  FreshKernel kernel_;
  FakeMmu* mmu_ = nullptr;
  std::vector<uint32_t> queued_;

 public:
  FakeHostMemory host;
  CountingSink sink;
  std::unique_ptr<tlm::Device> device;
};

}  // namespace faultline::tests
