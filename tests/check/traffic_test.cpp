// SPDX-License-Identifier: MIT
// Random traffic: the checker has nothing to say about the RTL as it is.
#include <Vgmmu_small.h>

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
  // The least of thirty seeds was 12 055.
  CHECK(counts.answered > 5'000);
}

namespace {

constexpr uint64_t kLongRound = 100'000;
// Pages that fit into a first-level TLB, into the L2 TLB, and into neither.
constexpr Mix kLongMixes[] = {
    {.most_asks = 9, .act_every = 400, .hot_pages = 6, .most_latency = 8, .most_entries = 12},
    {.most_asks = 8, .act_every = 200, .hot_pages = 12, .most_latency = 40, .most_entries = 40},
    {.most_asks = 4, .act_every = 100, .hot_pages = 60, .most_latency = 100, .most_entries = 100},
};

}  // namespace

TEST_CASE("rounds that found a mistake find none any more") {
  Counts counts;
  // The RTL: a hit by a binding that an invalidate of bindings had dropped.
  run_round(4'000'659'699, kLongRound, kLongMixes[0], counts);
  // The checker: of requests that look alike, packets of one that was answered late, packets that
  // one kept which was withdrawn, a packet that only one of them can be told by, and one that was
  // counted for a request that was then translated.
  run_round(1'017'206'048, kLongRound, kLongMixes[2], counts);
  run_round(3'437'036'753, kLongRound, kLongMixes[2], counts);
  run_round(1'445'001'805, kLongRound, kLongMixes[2], counts);
  run_round(412'771'646, kLongRound, kLongMixes[1], counts);
  CHECK(counts.answered > 0);
}

TEST_CASE("millions of requests, mostly hits, among faults and invalidates", "[long]") {
  constexpr uint64_t kEnough = 5'000'000;
  // One mistake in hundreds of rounds is found by going on with other seeds, not by a suite that
  // says something else of the same sources each time.
  constexpr uint64_t kSuiteSeed = 7;
  const uint64_t seed = builder::chosen_seed_or(kSuiteSeed);
  WARN("FAULTLINE_SEED=" << seed << " repeats this run");
  Counts counts;
  for (unsigned round = 0; counts.answered < kEnough; ++round)
    run_round(seed + round, kLongRound, kLongMixes[round % std::size(kLongMixes)], counts);
  WARN(counts.answered << " answers, " << counts.translated << " of them translations");
}

}  // namespace faultline::check_test
