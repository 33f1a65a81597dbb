// SPDX-License-Identifier: MIT
// Random traffic: the checker has nothing to say about the RTL as it is.
#include <catch2/catch_test_macros.hpp>

#include "tests/check/checked_rtl.hpp"

namespace faultline::check_test {

TEST_CASE("under random traffic the RTL does what the model allows, and answers everybody") {
  constexpr unsigned kRounds = 12;
  constexpr uint64_t kCycles = 60'000;
  const uint64_t seed = builder::chosen_seed();
  WARN("FAULTLINE_SEED=" << seed << " repeats this run");
  uint64_t answered = 0;
  for (unsigned round = 0; round < kRounds; ++round) {
    CAPTURE(round);
    CheckedRtl rtl(0, [](const check::Violation& violation) {
      FAIL("cycle " << violation.cycle << ": " << violation.text);
    });
    Traffic traffic(rtl.gmmu, rtl.memory, seed + round);
    traffic.run(kCycles);
    CHECK(traffic.drain());
    answered += traffic.answered();
  }
  WARN(answered << " answers");
  CHECK(answered > 10'000);
}

}  // namespace faultline::check_test
