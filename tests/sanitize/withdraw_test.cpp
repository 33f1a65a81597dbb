// SPDX-License-Identifier: MIT
// Pages of which the driver says that they are out of reach.
#include <catch2/catch_test_macros.hpp>

#include "tests/sanitize/watched.hpp"

namespace faultline::sanitize::test {

using std::vector;

namespace {

const vector<Kind> kNone;
const vector<Kind> kGivenUp{Kind::kUseAfterWithdraw};
const vector<Kind> kStale{Kind::kStaleTranslation};
constexpr uint64_t kNext = kVa + kPage;

}  // namespace

TEST_CASE("a page withdrawn, then mapped anew, even as it was, is no mistake") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.withdraw(kVa);
  watched.note(regs::NoteKind::kWithdrawn, kVa);
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  // The old note says nothing of the new entry.
  watched.zap(kVa);
  watched.use(kVa);
  CHECK(watched.kinds() == kNone);
}

TEST_CASE("an entry left valid is reported at the next use") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.map(kNext, {.address = kNewFrame});
  watched.use(kVa);
  watched.use(kNext);
  watched.invalidate(kVa);
  watched.wait();
  watched.note(regs::NoteKind::kWithdrawn, kVa);
  CHECK(watched.kinds() == kNone);
  watched.use(kNext);
  CHECK(watched.kinds() == kNone);
  watched.use(kVa);
  CHECK(watched.kinds() == kGivenUp);
}

TEST_CASE("an invalidate that covers valid neighbours is no mistake") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.map(kNext, {.address = kNewFrame});
  watched.use(kVa);
  watched.use(kNext);
  watched.zap(kVa);
  watched.invalidate(kVa, 9);
  watched.wait();
  watched.note(regs::NoteKind::kWithdrawn, kVa);
  watched.use(kNext);
  CHECK(watched.kinds() == kNone);
}

TEST_CASE("zapped and noted, but not invalidated: the translation is stale") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.zap(kVa);
  watched.note(regs::NoteKind::kWithdrawn, kVa);
  watched.use(kVa);
  CHECK(watched.kinds() == kStale);
}

TEST_CASE("a physical page given up is out of reach by every entry of it") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.map(kNext, {.address = kFrame});
  watched.use(kVa);
  watched.use(kNext);
  // One mirror follows the move, the other does not hear of it.
  watched.withdraw(kVa);
  watched.note(regs::NoteKind::kVidmem, kFrame);
  watched.map(kVa, {.address = kNewFrame});
  watched.use(kVa);
  CHECK(watched.kinds() == kNone);
  watched.use(kNext);
  CHECK(watched.kinds() == kGivenUp);
}

TEST_CASE("video and system memory are different pages") {
  Watched watched;
  watched.map(kVa, {.address = kFrame, .aperture = regs::PteAperture::kSysCoherent});
  watched.use(kVa);
  watched.note(regs::NoteKind::kVidmem, kFrame);
  watched.use(kVa);
  CHECK(watched.kinds() == kNone);
  watched.note(regs::NoteKind::kSystem, kFrame);
  watched.use(kVa);
  CHECK(watched.kinds() == kGivenUp);
}

TEST_CASE("the first page of video memory is a page like any other") {
  Watched watched;
  watched.map(kVa, {.address = 0});
  watched.use(kVa);
  watched.note(regs::NoteKind::kVidmem, 0);
  watched.use(kVa);
  CHECK(watched.kinds() == kGivenUp);
}

TEST_CASE("who is given the page afterwards may use it") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.withdraw(kVa);
  watched.note(regs::NoteKind::kVidmem, kFrame);
  watched.map(kNext, {.address = kFrame});
  watched.use(kNext);
  CHECK(watched.kinds() == kNone);
}

}  // namespace faultline::sanitize::test
