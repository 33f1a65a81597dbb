// SPDX-License-Identifier: MIT
// How long the RTL takes: hits, L2 hits, walks by the levels that are not cached, and many walks.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/rtl/core_bench.hpp"

namespace faultline::rtl::test {

namespace {

constexpr uint64_t kHit = 2;
constexpr uint64_t kL2Hit = 5;     // more than a hit
constexpr uint64_t kOverhead = 6;  // of a walk, beyond a hit and the memory's latency

}  // namespace

TEST_CASE("a hit takes two cycles, an L2 hit five more") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa, 0);
  CHECK(bench.read(kVa, 0).cycles() == kHit);
  CHECK(bench.read(kVa, 1).cycles() <= kHit + kL2Hit);
}

// The latency counts from the cycle of the address to the first cycle in which the data is in a
// register: one more than the memory takes to offer it.
TEST_CASE(
    "a walk takes the memory's latency for each level not cached, and six cycles more than a hit") {
  struct Case {
    regs::CacheLevel invalidated;
    uint64_t levels;
  };
  using enum regs::CacheLevel;
  const auto [invalidated, levels] = GENERATE(
      Case{kPteOnly, 1}, Case{kUpToPde0, 2}, Case{kUpToPde1, 3}, Case{kUpToPde2, 4}, Case{kAll, 5});
  const unsigned latency = GENERATE(1u, 2u, 10u, 100u);
  CoreBench bench;
  bench.reads.set_latency(latency);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  bench.invalidate_page(kVa, invalidated);
  const End end = bench.read(kVa);
  CAPTURE(levels, latency);
  CHECK(end.answer.outcome == Outcome::kTranslated);
  CHECK(end.cycles() <= kHit + levels * (latency + 1) + kOverhead);
}

TEST_CASE("many walks at once take two and a half cycles each") {
  constexpr uint64_t kPages = 96;
  CoreBench bench;
  bench.reads.set_latency(1);
  for (uint64_t page = 0; page <= kPages; ++page)
    bench.tables.map(kVa + (page << 12), Level::kPte4k, {.address = kFrame + (page << 12)});
  bench.read(kVa + (kPages << 12));  // so the directories are known
  const uint64_t begin = bench.now();
  for (uint64_t page = 0; page < kPages; ++page)
    bench.send(bench.request(kVa + (page << 12)), page % kPorts);
  bench.finish();
  CHECK(2 * (bench.now() - begin) <= 5 * kPages);
}

}  // namespace faultline::rtl::test
