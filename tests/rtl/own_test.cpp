// SPDX-License-Identifier: MIT
// The example of an MMU of one's own under random traffic, held by the checker.
#include <Vgmmu_own.h>

#include <catch2/catch_test_macros.hpp>

#include "systemc_models/check/checker.hpp"
#include "systemc_models/rtl_shell/verilated_gmmu.hpp"
#include "tests/check/traffic.hpp"

namespace faultline::rtl::test {

namespace {

/// As in CMakeLists.txt.
constexpr GmmuSizes kSizes{.gpcs = 2,
                           .utlbs_per_gpc = 3,
                           .walkers = 4,
                           .replay_depth = 64,
                           .default_fault_buffer_entries = 1024};

}  // namespace

TEST_CASE("under random traffic the example does what the model allows, and answers everybody") {
  // It takes some 300 to 1200 cycles for an answer, by the latency that the seed chose.
  constexpr uint64_t kEnough = 1'000;
  constexpr uint64_t kPatience = 5'000'000;
  constexpr uint64_t kCycles = 100'000;
  const uint64_t seed = builder::chosen_seed();
  WARN("FAULTLINE_SEED=" << seed << " repeats this run");
  builder::SparseMemory memory;
  check_test::CycleClock clock;
  VerilatedGmmu<Vgmmu_own> gmmu(kSizes, memory, clock);
  check::Checker checker(kSizes, [](const check::Violation& violation) {
    FAIL("cycle " << violation.cycle << ": " << violation.text);
  });
  gmmu.observe(checker);
  check_test::Traffic traffic(gmmu, memory, seed);
  while (traffic.answered() < kEnough && gmmu.cycle() < kPatience) traffic.run(kCycles);
  CHECK(traffic.answered() >= kEnough);
  CHECK(traffic.drain());
}

}  // namespace faultline::rtl::test
