// SPDX-License-Identifier: MIT
// What google-benchmark runs; every model is made before the first, as SystemC wants it.
#include <benchmark/benchmark.h>

#include <systemc>

#include "tests/bench/tlm/copying.hpp"
#include "tests/bench/tlm/translating.hpp"

int main(int argc, char** argv) {
  using namespace faultline::bench;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;

  Translating translating("translating");
  Copying copying;
  sc_core::sc_start(sc_core::SC_ZERO_TIME);

  using benchmark::State;
  benchmark::RegisterBenchmark("utlb_hit", [&](State& state) { translating.hit(state); });
  benchmark::RegisterBenchmark("five_level_miss", [&](State& state) { translating.miss(state); });
  benchmark::RegisterBenchmark("copy_engine", [&](State& state) { copying.copy_engine(state); });
  benchmark::RegisterBenchmark("memcpy", [&](State& state) { copying.memcpy(state); });
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
