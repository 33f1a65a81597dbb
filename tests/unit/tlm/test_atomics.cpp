// SPDX-License-Identifier: MIT
// The device's atomics against another thread's, as against a guest's CPU.
#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "tests/unit/tlm/bench_device.hpp"

namespace faultline::tests {
namespace {

constexpr uint64_t kVa = 0x1000;
constexpr uint64_t kPa = 0x200000;
constexpr uint64_t kCount = 300000;

void race(BenchDevice& bench, uint32_t& counter) {
  bench.enable(0);
  bench.queue(0, {.opcode = regs::Opcode::kAtomic,
                  .size = 2,
                  .alu_op = regs::AluOp::kAdd,
                  .dst = kVa,
                  .count = kCount,
                  .operand = 1});
  bench.ring(0);
  std::atomic<bool> go = false;
  std::thread cpu([&] {
    std::atomic_ref<uint32_t> shared(counter);
    while (!go) {
    }
    for (uint64_t i = 0; i < kCount; ++i) shared.fetch_add(1);
  });
  go = true;
  bench.run();
  cpu.join();
  CHECK(bench.completion(0).status == regs::CompletionStatus::kOk);
  CHECK(counter == 2 * kCount);
}

TEST_CASE_METHOD(BenchDevice, "no update is lost in system memory") {
  map_system(kVa, kPa);
  race(*this, system<uint32_t>(kPa, 1)[0]);
}

TEST_CASE_METHOD(BenchDevice, "no update is lost in video memory") {
  mmu().map(kVa, mmu::Aperture::kVidmem, 0x7000);
  race(*this, vram<uint32_t>(0x7000, 1)[0]);
}

TEST_CASE_METHOD(BenchDevice, "completions and their data arrive in order") {
  map_system(kVa, kPa);
  enable(0);
  namespace f = regs::completion;
  const std::span<uint64_t> first = system<uint64_t>(kRings + 0x1000, f::kWords);
  std::thread cpu([&] {
    std::atomic_ref<uint64_t> word(first[f::valid.word]);
    while (!f::valid.get(word.load(std::memory_order_acquire))) {
    }
    CHECK(f::done.get(std::span<const uint64_t>(first)) == 512);
    CHECK(system<uint64_t>(kPa, 512)[511] == 17);
  });
  do_job(0, {.opcode = regs::Opcode::kFill, .dst = kVa, .count = 512, .operand = 17});
  cpu.join();
}

}  // namespace
}  // namespace faultline::tests
