// SPDX-License-Identifier: MIT
// Random traffic: the checker has nothing to say about the RTL as it is.
#include <catch2/catch_test_macros.hpp>
#include <iterator>

#include "tests/check/checked_rtl.hpp"

namespace faultline::check_test {

namespace {

/// Adds up what rounds of traffic got for answers.
struct Counts {
  uint64_t answered = 0;
  uint64_t translated = 0;
};

void run_round(uint64_t seed, uint64_t cycles, const Mix& mix, Counts& counts) {
  CAPTURE(seed);
  CheckedRtl<Vgmmu_small> rtl(kSmallSizes, [](const check::Violation& violation) {
    FAIL("cycle " << violation.cycle << ": " << violation.text);
  });
  Traffic traffic(rtl.gmmu, rtl.memory, seed, mix);
  traffic.run(cycles);
  CHECK(traffic.drain());
  counts.answered += traffic.answered();
  counts.translated += traffic.translated();
}

}  // namespace

TEST_CASE("under random traffic the RTL does what the model allows, and answers everybody") {
  constexpr unsigned kRounds = 12;
  constexpr uint64_t kCycles = 60'000;
  const uint64_t seed = builder::chosen_seed();
  WARN("FAULTLINE_SEED=" << seed << " repeats this run");
  Counts counts;
  for (unsigned round = 0; round < kRounds; ++round) run_round(seed + round, kCycles, {}, counts);
  WARN(counts.answered << " answers");
  CHECK(counts.answered > 10'000);
}

TEST_CASE("millions of requests, mostly hits, among faults and invalidates") {
  constexpr uint64_t kEnough = 5'000'000;
  constexpr uint64_t kCycles = 100'000;
  // Pages that fit into a first-level TLB, into the L2 TLB, and into neither.
  constexpr Mix kMixes[] = {
      {.most_asks = 9, .act_every = 400, .hot_pages = 6, .most_latency = 8, .most_entries = 12},
      {.most_asks = 8, .act_every = 200, .hot_pages = 12, .most_latency = 40, .most_entries = 40},
      {.most_asks = 4, .act_every = 100, .hot_pages = 60, .most_latency = 100, .most_entries = 100},
  };
  const uint64_t seed = builder::chosen_seed();
  WARN("FAULTLINE_SEED=" << seed << " repeats this run");
  Counts counts;
  for (unsigned round = 0; counts.answered < kEnough; ++round)
    run_round(seed + round, kCycles, kMixes[round % std::size(kMixes)], counts);
  WARN(counts.answered << " answers, " << counts.translated << " of them translations");
}

}  // namespace faultline::check_test
