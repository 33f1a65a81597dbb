// SPDX-License-Identifier: MIT
// Translations used after their page-table word changed.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/sanitize/watched.hpp"

namespace faultline::sanitize::test {

using Catch::Matchers::ContainsSubstring;
using std::vector;

namespace {

constexpr uint64_t kOther = kVa + 64 * kPage;

const vector<Kind> kNone;
const vector<Kind> kStale{Kind::kStaleTranslation};

}  // namespace

TEST_CASE("a page zapped, invalidated and waited for is no mistake") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.withdraw(kVa);
  CHECK(watched.use(kVa).outcome == mmu::Outcome::kParked);
  watched.map(kVa, {.address = kNewFrame});
  CHECK(watched.use(kVa).pa == kNewFrame);
  CHECK(watched.kinds() == kNone);
}

TEST_CASE("uses between the zap and its invalidate are a race, not a mistake") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.zap(kVa);
  for (int i = 0; i < 100; ++i) CHECK(watched.use(kVa).pa == kFrame);
  watched.invalidate(kVa);
  watched.wait();
  watched.use(kVa);
  CHECK(watched.kinds() == kNone);
}

TEST_CASE("replays and other address spaces' invalidates in between do not make it one") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.zap(kVa);
  watched.use(kVa);
  watched.replay();
  watched.wait();
  watched.use(kVa);
  CHECK(watched.kinds() == kNone);
}

TEST_CASE("an entry that names another page without an invalidate is reported at once") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.map(kVa, {.address = kNewFrame});
  REQUIRE(watched.use(kVa).pa == kFrame);
  REQUIRE(watched.kinds() == kStale);
  // Once is enough.
  watched.use(kVa);
  CHECK(watched.kinds() == kStale);
}

TEST_CASE("a zap that is followed by an invalidate of something else is reported") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.zap(kVa);
  watched.use(kVa);
  watched.invalidate(kOther);
  watched.use(kVa);
  CHECK(watched.kinds() == kNone);  // not waited for yet
  watched.wait();
  watched.use(kVa);
  REQUIRE(watched.kinds() == kStale);
}

TEST_CASE("a zap that is never followed by an invalidate is reported in the end") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.zap(kVa);
  watched.use(kVa);
  watched.pass(Translations::kPatienceNs / 2);
  watched.use(kVa);
  CHECK(watched.kinds() == kNone);
  watched.pass(Translations::kPatienceNs);
  watched.use(kVa);
  CHECK(watched.kinds() == kStale);
}

TEST_CASE("an invalidate before the zap covers nothing") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.invalidate(kVa);
  watched.use(kVa);
  watched.zap(kVa);
  watched.wait();
  watched.use(kVa);
  watched.note(regs::NoteKind::kWithdrawn, kVa);
  watched.use(kVa);
  CHECK(watched.kinds() == kStale);
}

TEST_CASE("a page that comes back unchanged is forgiven") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.zap(kVa);
  watched.use(kVa);
  watched.map(kVa, {.address = kFrame});
  watched.pass(2 * Translations::kPatienceNs);
  watched.use(kVa);
  CHECK(watched.kinds() == kNone);
}

TEST_CASE("an entry that allows more needs no invalidate, one that allows less does") {
  Watched watched;
  watched.map(kVa, {.address = kFrame, .read_only = true});
  watched.use(kVa);
  watched.map(kVa, {.address = kFrame});
  watched.pass(2 * Translations::kPatienceNs);
  watched.use(kVa);
  watched.use(kVa, Access::kWrite);
  CHECK(watched.kinds() == kNone);
  watched.map(kVa, {.address = kFrame, .read_only = true});
  watched.use(kVa, Access::kWrite);
  watched.pass(2 * Translations::kPatienceNs);
  watched.use(kVa, Access::kWrite);
  CHECK(watched.kinds() == kStale);
}

TEST_CASE("a directory entry that changes needs an invalidate of directories") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.bench.tables.write(kVa, Level::kPde1, 0);
  SECTION("which comes") {
    watched.invalidate(kVa, 0, regs::CacheLevel::kAll);
    watched.wait();
    watched.use(kVa);
    CHECK(watched.kinds() == kNone);
  }
  SECTION("which does not: the directory is still cached") {
    watched.use(kVa);
    watched.invalidate(kVa);
    watched.wait();
    REQUIRE(watched.use(kVa).pa == kFrame);
    CHECK(watched.kinds() == kStale);
  }
}

TEST_CASE("the end of an address space is the end of what is known of it") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.zap(kVa);
  watched.use(kVa);
  watched.invalidate_space();
  watched.wait();
  watched.map(kVa, {.address = kNewFrame});
  watched.use(kVa);
  CHECK(watched.kinds() == kNone);
}

TEST_CASE("both histories are told") {
  Watched watched;
  watched.map(kVa, {.address = kFrame});
  watched.use(kVa);
  watched.use(kVa);
  watched.zap(kVa);
  watched.use(kVa);
  watched.invalidate(kOther);
  watched.wait();
  watched.use(kVa);
  REQUIRE(watched.mistakes.size() == 1);
  const std::string& text = watched.mistakes[0].text;
  CHECK_THAT(text, ContainsSubstring("read by the walk"));
  CHECK_THAT(text, ContainsSubstring("0x0000000000000000 seen changed behind the TLB"));
  CHECK_THAT(text, ContainsSubstring("invalidate of 0x1234567c9000 to 0x1234567c9fff"));
  CHECK_THAT(text, ContainsSubstring("acknowledged at"));
  CHECK_THAT(text, ContainsSubstring("READ of 0x123456789000 by engine 64"));
}

}  // namespace faultline::sanitize::test
