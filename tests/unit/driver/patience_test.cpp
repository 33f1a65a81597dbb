// SPDX-License-Identifier: MIT
// How long the driver waits for a register, by a clock that the test turns.
#include <catch2/catch_test_macros.hpp>

#include "driver/faultline_patience.h"

namespace {

constexpr ktime_t kSecond = 1'000'000'000;
constexpr u64 kSecondUs = 1'000'000;

// How many reads of a device that answers one each `ns` it takes until it is given up.
unsigned reads_until_over(ktime_t ns) {
  test_now_ns = 5 * kSecond;
  faultline_patience patience = faultline_patience_of(kSecondUs);
  unsigned reads = 0;
  do {
    test_now_ns += ns;
    ++reads;
  } while (!faultline_patience_over(&patience));
  return reads;
}

TEST_CASE("a device that answers at once is given up when its time is over") {
  constexpr ktime_t kAnswer = 20'000;
  CHECK(reads_until_over(kAnswer) == kSecond / kAnswer + 1);
}

TEST_CASE("a device that did not run for long is asked as often as any other") {
  CHECK(reads_until_over(2 * kSecond) == FAULTLINE_PATIENCE_READS);
}

TEST_CASE("a pause in the middle takes nothing from the reads that are left") {
  test_now_ns = 0;
  faultline_patience patience = faultline_patience_of(kSecondUs);
  for (unsigned i = 0; i < 10; ++i) REQUIRE(!faultline_patience_over(&patience));
  test_now_ns += 60 * kSecond;
  unsigned reads = 10;
  do ++reads;
  while (!faultline_patience_over(&patience));
  CHECK(reads == FAULTLINE_PATIENCE_READS);
}

}  // namespace
