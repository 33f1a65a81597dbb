// SPDX-License-Identifier: MIT
// The page: counts, gaps, and columns that line up.
#include "tools/compliance/page.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace faultline::compliance {

using Catch::Matchers::ContainsSubstring;

namespace {

const Claim kTested{State::kImplemented, {"a test", "another"}, "on the host only"};
const Claim kUntested{State::kImplemented, {}, "nothing shows it"};
const Claim kStored{State::kStored, {}, "no surfaces"};
const Manual kManual{.name = "m",
                     .text = "What it is.",
                     .entries = {},
                     .behaviours = {{{}, "B1", "it does", kTested}}};

Row row(const std::string& owner, std::vector<std::string> members, const Claim& claim) {
  return {.owner = owner, .manual = "NV_X", .members = std::move(members), .claim = &claim};
}

}  // namespace

TEST_CASE("the counts are of fields and values") {
  const std::string page =
      make_page({{.manual = &kManual,
                  .rows = {row("one", {"A", "B"}, kTested), row("two", {"C"}, kUntested),
                           row("two", {"D", "E", "F"}, kStored)}}});
  CHECK_THAT(page, ContainsSubstring(
                       "| [m](#m) | fields and values | 3           | 2               | 3      | 0 "
                       "     |"));
  CHECK_THAT(page, ContainsSubstring(
                       "| all     | behaviours        | 1           | 1               | 0      | 0 "
                       "     |"));
}

TEST_CASE("what is implemented and not tested is listed apart") {
  const std::string page =
      make_page({{.manual = &kManual, .rows = {row("two", {"C"}, kUntested)}}});
  CHECK_THAT(page, ContainsSubstring("| two  | C      | nothing shows it. |"));
  const std::string complete =
      make_page({{.manual = &kManual, .rows = {row("one", {"A"}, kTested)}}});
  CHECK_THAT(complete, ContainsSubstring("Everything that is implemented is tested."));
}

TEST_CASE("a row shows its fields, its tests and its reason") {
  const std::string page =
      make_page({{.manual = &kManual, .rows = {row("one", {"A", "B"}, kTested)}}});
  CHECK_THAT(page, ContainsSubstring(
                       "| NV_X          | A, B           | implemented | `a test`, `another`. on "
                       "the host only. |"));
}

TEST_CASE("many fields are shown by their ends") {
  std::vector<std::string> members;
  for (char c = 'A'; c <= 'Z'; ++c) members.emplace_back(1, c);
  const std::string page =
      make_page({{.manual = &kManual, .rows = {row("one", members, kStored)}}});
  CHECK_THAT(page, ContainsSubstring("| A to Z (26)"));
}

}  // namespace faultline::compliance
