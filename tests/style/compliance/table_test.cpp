// SPDX-License-Identifier: MIT
// The compliance table as TOML: what is read, and claims that say too little.
#include "tools/compliance/table.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace faultline::compliance {

namespace {

Errors errors_of(const std::string& entry) {
  Errors errors;
  parse_table("[[manual]]\nname = \"m\"\ntext = \"-\"\n" + entry, "bad.toml", errors);
  return errors;
}

Errors only(const std::string& line) { return {line}; }

}  // namespace

TEST_CASE("rows belong to the manual before them") {
  Errors errors;
  const Table table = parse_table(R"(
[[manual]]
name = "first"
text = "-"

[[manual.claim]]
of = ["one", "two.*"]
is = "implemented"
tested_by = "a test"

[[manual]]
name = "second"
text = "-"

[[manual.unmodelled]]
names = "NV_DISPLAY"
why = "nobody looks"
)",
                                  "good.toml", errors);
  CHECK(errors.empty());
  REQUIRE(table.size() == 2);
  REQUIRE(table[0].claims.size() == 1);
  const Claim& claim = table[0].claims[0];
  CHECK(claim.of == std::vector<std::string>{"one", "two.*"});
  CHECK(claim.state == State::kImplemented);
  CHECK(claim.tested_by == std::vector<std::string>{"a test"});
  REQUIRE(table[1].unmodelled.size() == 1);
  CHECK(table[1].unmodelled[0].names == std::vector<std::string>{"NV_DISPLAY"});
}

TEST_CASE("an implemented row needs a test or a reason") {
  CHECK(errors_of("[[manual.claim]]\nof = \"r\"\nis = \"implemented\"\n") ==
        only("bad.toml:4: claim: implemented, but tested_by names no test and why gives no "
             "reason"));
  CHECK(errors_of("[[manual.claim]]\nof = \"r\"\nis = \"implemented\"\nwhy = \"so\"\n").empty());
}

TEST_CASE("a row that is not implemented needs a reason") {
  const std::string claim = "[[manual.claim]]\nof = \"r\"\ntested_by = \"t\"\n";
  const Errors expected = only("bad.toml:4: claim: is not implemented, but why gives no reason");
  CHECK(errors_of(claim + "is = \"stored\"\n") == expected);
  CHECK(errors_of(claim + "is = \"absent\"\n") == expected);
  CHECK(errors_of("[[manual.unmodelled]]\nnames = \"NV_X\"\n") ==
        only("bad.toml:4: unmodelled: why is missing"));
}

TEST_CASE("a row is implemented, stored or absent") {
  CHECK(errors_of("[[manual.claim]]\nof = \"r\"\nis = \"planned\"\nwhy = \"so\"\n") ==
        only("bad.toml:4: claim: is must be implemented, stored or absent"));
}

TEST_CASE("a row about nothing, and keys that are unknown") {
  CHECK(errors_of("[[manual.claim]]\nof = []\nis = \"absent\"\nwhy = \"so\"\n") ==
        only("bad.toml:4: claim: of names nothing"));
  CHECK(errors_of("[[manual.claim]]\nof = \"r\"\nis = \"absent\"\nwhy = \"so\"\nwhen = \"-\"\n") ==
        only("bad.toml:4: claim: unknown key when"));
}

TEST_CASE("a table that is not TOML") {
  Errors errors;
  parse_table("[[manual\n", "bad.toml", errors);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].starts_with("bad.toml:1: syntax: "));
}

}  // namespace faultline::compliance
