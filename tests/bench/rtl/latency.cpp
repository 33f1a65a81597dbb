// SPDX-License-Identifier: MIT
// One request at a time.
#include "tests/bench/rtl/latency.hpp"

#include <benchmark/benchmark.h>

#include <array>

#include "tests/bench/rtl/mapped_gmmu.hpp"

namespace faultline::bench {

namespace {

class OneRequest : private rtl::PortObserver {
 public:
  OneRequest() { mapped_.gmmu().observe(*this); }

  /// From the cycle in which it is taken to that of its answer.
  uint64_t cycles(unsigned port, uint64_t page) {
    mapped_.ask(port, page, 0);
    settle();
    return answered_ - taken_;
  }

  /// What is cached of page 0, in the levels that `level` names; what is bound stays.
  void forget(regs::CacheLevel level) {
    namespace op = regs::mmu_invalidate;
    const uint64_t page = MappedGmmu::kVa >> 12;
    write(regs::mmu_invalidate_vaddr::kOffset, regs::mmu_invalidate_vaddr::bits.set(0, page));
    write(regs::mmu_invalidate_upper_vaddr::kOffset, static_cast<uint32_t>(page >> 28));
    write(op::kOffset, op::cache_level.set(op::all_pdb.mask() | op::trigger.mask(), level));
    settle();
  }

 private:
  void requested(unsigned, const mmu::Request&) override { taken_ = mapped_.gmmu().cycle(); }
  void responded(unsigned, const rtl::Response&) override { answered_ = mapped_.gmmu().cycle(); }
  void write(uint32_t offset, uint32_t value) { mapped_.gmmu().write_register(offset, value); }
  void settle() {
    do mapped_.step();
    while (!mapped_.gmmu().rests());
  }

  MappedGmmu mapped_;
  uint64_t taken_ = 0;
  uint64_t answered_ = 0;
};

void measure(benchmark::State& state, auto one_request) {
  uint64_t cycles = 0;
  for (auto _ : state) cycles = one_request();
  state.counters["cycles"] = static_cast<double>(cycles);
}

void latency_hit(benchmark::State& state) {
  OneRequest one;
  one.cycles(0, 0);
  measure(state, [&] { return one.cycles(0, 0); });
}

/// A uTLB asks for what another one has brought into the L2 TLB.
void latency_l2_hit(benchmark::State& state) {
  OneRequest one;
  measure(state, [&] {
    one.forget(regs::CacheLevel::kAll);
    one.cycles(0, 0);
    return one.cycles(1, 0);
  });
}

void latency_walk(benchmark::State& state) {
  using enum regs::CacheLevel;
  constexpr std::array kForgotten{kAll, kUpToPde2, kUpToPde1, kUpToPde0, kPteOnly};
  const regs::CacheLevel level = kForgotten.at(static_cast<size_t>(state.range(0)));
  OneRequest one;
  one.cycles(0, 0);
  measure(state, [&] {
    one.forget(level);
    return one.cycles(0, 0);
  });
}

}  // namespace

void register_latencies() {
  benchmark::RegisterBenchmark("latency_hit", latency_hit);
  benchmark::RegisterBenchmark("latency_l2_hit", latency_l2_hit);
  benchmark::RegisterBenchmark("latency_walk", latency_walk)->DenseRange(0, 4);
}

}  // namespace faultline::bench
