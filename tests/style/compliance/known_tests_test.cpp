// SPDX-License-Identifier: MIT
// Test names as sources give them, and claims of tests that do not exist.
#include "tools/compliance/known_tests.hpp"

#include <catch2/catch_test_macros.hpp>

namespace faultline::compliance {

TEST_CASE("names of Catch2 test cases") {
  CHECK(catch2_names(R"(TEST_CASE("one") {})") == TestNames{"one"});
  CHECK(catch2_names(R"(TEST_CASE("one", "[tag]") {} TEST_CASE( "two" ) {})") ==
        TestNames{"one", "two"});
  CHECK(catch2_names("TEST_CASE_METHOD(tests::Bench, \"one\") {}") == TestNames{"one"});
  CHECK(catch2_names("TEST_CASE(\n    \"a long\"\n    \" name\") {}") == TestNames{"a long name"});
  CHECK(catch2_names(R"(TEST_CASE("the \"quoted\"") {})") == TestNames{"the \"quoted\""});
  CHECK(catch2_names(R"(SECTION("one") MY_TEST_CASE("two"))").empty());
}

TEST_CASE("names of guest tests") {
  CHECK(guest_names("TEST(copy_copies)\n{\n}\nTEST(fill_fills)\n") ==
        TestNames{"copy_copies", "fill_fills"});
  CHECK(guest_names("MY_TEST(copy)\nTEST(\"copy\")\n").empty());
}

TEST_CASE("a test that does not exist") {
  const Claim claim{.state = State::kImplemented, .tested_by = {"here", "gone"}, .why = ""};
  const Place place{"table.toml", 7};
  const Table table{{.name = "m",
                     .text = "",
                     .entries = {{place, {"ctrl", "Mode"}, claim}},
                     .behaviours = {{place, "B1", "it does", claim}}}};
  Errors errors;
  check_tests(table, {"here", "gone"}, errors);
  CHECK(errors.empty());
  check_tests(table, {"here"}, errors);
  CHECK(errors == Errors{"table.toml:7: ctrl: there is no test \"gone\"",
                         "table.toml:7: behaviour B1: there is no test \"gone\""});
}

}  // namespace faultline::compliance
