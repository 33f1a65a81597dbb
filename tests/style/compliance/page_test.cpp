// SPDX-License-Identifier: MIT
// The page: counts, rows, and what is not modelled.
#include "tools/compliance/page.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace faultline::compliance {

using Catch::Matchers::ContainsSubstring;

namespace {

const Claim kTested{.place = {},
                    .of = {},
                    .state = State::kImplemented,
                    .tested_by = {"a test", "another"},
                    .why = "Why."};
const Claim kStored{
    .place = {}, .of = {}, .state = State::kStored, .tested_by = {}, .why = "No surfaces."};
const Manual kManual{.name = "m",
                     .text = "What it is.",
                     .claims = {},
                     .unmodelled = {{{}, {"NV_A", "NV_B"}, "No display."}}};

Row row(const std::string& owner, std::vector<std::string> members, const Claim& claim) {
  return {.owner = owner,
          .manual = "NV_X",
          .members = std::move(members),
          .named = {},
          .claim = &claim};
}

std::string page_of(const std::vector<Row>& rows) {
  return make_page({{.manual = &kManual, .rows = rows}});
}

}  // namespace

TEST_CASE("the counts are of fields and values") {
  const std::string page =
      page_of({row("one", {"A", "B"}, kTested), row("two", {"D", "E", "F"}, kStored)});
  CHECK_THAT(page, ContainsSubstring("\n| m | 2 | 3 | 0 |\n| all | 2 | 3 | 0 |\n"));
}

TEST_CASE("a row shows its fields, its tests and its reason, and leads to the register") {
  CHECK_THAT(page_of({row("AckType", {"A", "B"}, kTested)}),
             ContainsSubstring("\n| [AckType](registers.md#ack_type) | NV_X | A, B | implemented | "
                               "`a test`, `another` | Why. |\n"));
}

TEST_CASE("fields are shown as the claim names them, or as the rest") {
  Row some = row("one", {"T1_0", "T1_1"}, kTested);
  some.named = {"T1_*"};
  CHECK_THAT(page_of({some}), ContainsSubstring("| T1_* | implemented |"));
  const Row rest = row("one", std::vector<std::string>(11, "A"), kStored);
  CHECK_THAT(page_of({rest}), ContainsSubstring("| the other 11 | stored |"));
  Row whole = rest;
  whole.is_whole = true;
  CHECK_THAT(page_of({whole}), ContainsSubstring("| all 11 | stored |"));
}

TEST_CASE("what is not modelled stands below the rows, with its reason") {
  CHECK_THAT(page_of({}), ContainsSubstring("\n| `NV_A`, `NV_B` | No display. |\n"));
}

}  // namespace faultline::compliance
