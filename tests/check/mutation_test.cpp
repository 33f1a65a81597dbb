// SPDX-License-Identifier: MIT
// Each deliberate bug in the RTL is noticed.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <stdexcept>
#include <string>

#include "tests/check/checked_mutant.hpp"

namespace faultline::check_test {

namespace {

/// The numbers of mutations.cmake.
struct Bug {
  int number;
  const char* name;
};

/// What the checker said first; empty: nothing.
std::string first_words(int bug) {
  constexpr unsigned kRounds = 8;
  constexpr uint64_t kCycles = 60'000;
  for (unsigned round = 0; round < kRounds; ++round) {
    CheckedMutant rtl(bug, [](const check::Violation& violation) { throw violation; });
    try {
      Traffic(rtl.gmmu, rtl.memory, 1000 + round).run(kCycles);
    } catch (const check::Violation& violation) {
      return violation.text;
    } catch (const std::exception&) {
      // A broken RTL may break what its surroundings rely on, too. That is not what is asked here.
    }
  }
  return {};
}

}  // namespace

TEST_CASE("the checker notices") {
  const auto bug = GENERATE(values<Bug>({{1, "a dropped request"},
                                         {2, "a doubled response"},
                                         {3, "a wrong permission bit"},
                                         {4, "a stale hit after an invalidate"},
                                         {5, "a wrong level"},
                                         {6, "a lost overflow"},
                                         {7, "packet words in the wrong order"},
                                         {8, "a replay before the caches are done"},
                                         {9, "a wrong match of the PDB"},
                                         {10, "PUT that wraps one entry late"},
                                         {11, "a cancel that hits another client"},
                                         {12, "merged misses of different access types"},
                                         {13, "a replay that leaves out a request"},
                                         {14, "a packet that names another engine"},
                                         {15, "a prefetch filter that is upside down"},
                                         {16, "a directory that survives its invalidate"},
                                         {17, "a clock that stands when a miss comes"}}));
  DYNAMIC_SECTION(bug.name) {
    INFO(bug.name);
    CHECK(first_words(bug.number) != "");
  }
}

}  // namespace faultline::check_test
