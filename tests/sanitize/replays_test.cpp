// SPDX-License-Identifier: MIT
// Replays that cannot help.
#include <catch2/catch_test_macros.hpp>

#include "tests/sanitize/watched.hpp"

namespace faultline::sanitize::test {

namespace {

constexpr uint64_t kTag = 7;
const std::vector<Kind> kFutile{Kind::kFutileReplay};

void replay_often(Watched& watched, unsigned times) {
  for (unsigned i = 0; i < times; ++i) watched.replay();
}

}  // namespace

TEST_CASE("a request replayed without service is reported once") {
  Watched watched;
  watched.bench.enable_buffer(kBuffer);
  watched.park(kVa, kTag);
  replay_often(watched, Replays::kMost - 1);
  CHECK(watched.mistakes.empty());
  watched.replay();
  CHECK(watched.kinds() == kFutile);
  replay_often(watched, 2 * Replays::kMost);
  CHECK(watched.kinds() == kFutile);
}

TEST_CASE("a request that is served in the end is no mistake") {
  Watched watched;
  watched.bench.enable_buffer(kBuffer);
  watched.park(kVa, kTag);
  replay_often(watched, Replays::kMost - 1);
  watched.map(kVa, {.address = kFrame});
  watched.replay();
  CHECK(watched.bench.said.answer_to(kTag).pa == kFrame);
  CHECK(watched.mistakes.empty());
}

TEST_CASE("replays that find another word each time are service") {
  Watched watched;
  watched.bench.enable_buffer(kBuffer);
  watched.park(kVa, kTag);
  for (unsigned i = 0; i < 4 * Replays::kMost; ++i) {
    // Valid for a moment, and withdrawn before the replay.
    watched.bench.tables.write(kVa, Level::kPte4k, uint64_t{i % 2} << 12);
    watched.replay();
  }
  CHECK(watched.mistakes.empty());
}

TEST_CASE("cancels serve others") {
  Watched watched;
  watched.bench.enable_buffer(kBuffer);
  watched.park(kVa, kTag);
  for (unsigned i = 0; i < 2 * Replays::kMost; ++i) watched.replay(regs::ReplayOp::kCancelVaGlobal);
  CHECK(watched.mistakes.empty());
}

}  // namespace faultline::sanitize::test
