// SPDX-License-Identifier: MIT
// The JSON reader of the VERSION message: accepts what RFC 8259 allows and nothing else.
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "qemu_device/vfio_user/json.hpp"

namespace faultline::protocol_test {
namespace {

using vfio_user::JsonScalar;
using vfio_user::scan_json;

bool accepts(std::string_view text) {
  return scan_json(text, [](std::string_view, const JsonScalar&) {});
}

TEST_CASE("JSON scalars are reported with their paths") {
  std::vector<std::pair<std::string, JsonScalar>> seen;
  REQUIRE(scan_json(
      R"( { "a" : { "b":1 , "c":[true, false]}, "d":"x\"\u00e9", "e":-1, "f":null,
                         "g":18446744073709551615, "h":18446744073709551616, "i":1.0 } )",
      [&](std::string_view path, const JsonScalar& value) { seen.emplace_back(path, value); }));
  const std::vector<std::pair<std::string, JsonScalar>> expected = {
      {"a.b", uint64_t{1}}, {"a.c", true}, {"a.c", false}, {"d", {}}, {"e", {}}, {"f", {}},
      {"g", UINT64_MAX},    {"h", {}},     {"i", {}}};
  CHECK(seen == expected);
}

TEST_CASE("Text that is not JSON is refused") {
  for (const char* text :
       {"",        " ",        "{",          "}",     "[",     "[1", "[1,]",    "{,}",
        "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01",    "-",  "+1",      "1.",
        ".5",      "1e",       "1e+",        "trve",  "nullx", "\"", "\"\\x\"", "\"\\u12g4\"",
        "\"\n\"",  "1 2",      "{} x",       "'a'",   "\"\\"}) {
    CAPTURE(text);
    CHECK(!accepts(text));
  }
}

TEST_CASE("Deep nesting is refused without exhausting the stack") {
  CHECK(accepts(std::string(16, '[') + std::string(16, ']')));
  CHECK(!accepts(std::string(1000000, '[')));
}

TEST_CASE("Damaged JSON is judged as another parser judges it") {
  const std::string good = R"({"capabilities":{"a":[1,2.5e3,-0,"x\n"],"b":true,"c":null}})";
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::string text = good;
    const size_t damages = 1 + random() % 2;
    for (size_t d = 0; d < damages; ++d) {
      text[random() % text.size()] = "{}[]\",:\\ 0123e.+-tfnul"[random() % 22];
    }
    CAPTURE(text);
    REQUIRE(accepts(text) == nlohmann::json::accept(text));
  }
}

}  // namespace
}  // namespace faultline::protocol_test
