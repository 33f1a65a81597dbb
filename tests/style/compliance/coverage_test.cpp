// SPDX-License-Identifier: MIT
// A claim for everything that is described, none for what does not exist, and tests that there are.
#include "tools/compliance/coverage.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "tools/regs_gen/check.hpp"

namespace faultline::compliance {

namespace {

/// `ctrl` begins in line 2, `Mode` in line 12.
constexpr std::string_view kDescription = R"(title = "Test"
[[register]]
name = "ctrl"
offset = 0x10
manual = "NV_CTRL"
text = "-"
fields = [
  { name = "mode", bits = "0", enum = "Mode", text = "-" },
  { name = "size", bits = "7:4", text = "-" },
]

[[enum]]
name = "Mode"
width = 1
text = "-"
values = [{ name = "OFF", value = 0 }, { name = "ON", value = 1 }]
)";

/// Owns what the sections refer to.
struct Covered {
  explicit Covered(const std::string& rows) {
    regs_gen::Description description;
    regs_gen::parse_chapter(kDescription, "regs.toml", description, errors);
    regs_gen::resolve_likes(description, errors);
    table = parse_table("[[manual]]\nname = \"m\"\ntext = \"-\"\n" + rows, "table.toml", errors);
    sections = cover(description, table, errors);
  }

  Errors errors;
  Table table;
  std::vector<Section> sections;
};

std::string row(const std::string& of, const std::string& is = "absent") {
  return "[[manual.claim]]\nof = " + of + "\nis = \"" + is + "\"\nwhy = \"so\"\n";
}

Errors only(const std::string& line) { return {line}; }

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a register's row holds for its fields") {
  const Covered covered(row(R"(["ctrl", "Mode"])"));
  CHECK(covered.errors.empty());
  const auto& rows = covered.sections.at(0).rows;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].owner == "ctrl");
  CHECK(rows[0].manual == "NV_CTRL");
  CHECK(rows[0].members == Names{"MODE", "SIZE"});
  CHECK(rows[0].is_whole);
  CHECK(rows[1].members == Names{"OFF", "ON"});
}

TEST_CASE("a field's own row comes before its register's") {
  const Covered covered(row("\"ctrl\"") + row("\"ctrl.size\"", "stored") + row("\"Mode\""));
  CHECK(covered.errors.empty());
  const auto& rows = covered.sections.at(0).rows;
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].members == Names{"MODE"});
  CHECK_FALSE(rows[0].is_whole);
  CHECK(rows[1].members == Names{"SIZE"});
  CHECK(rows[1].claim->state == State::kStored);
}

TEST_CASE("a star stands for any end of a name") {
  const Covered covered(row("\"ctrl\"") + row("\"Mode.O*\""));
  CHECK(covered.errors.empty());
  const Row& starred = covered.sections.at(0).rows.at(1);
  CHECK(starred.members == Names{"OFF", "ON"});
  CHECK(starred.named == Names{"O*"});
}

TEST_CASE("a field or value without a row") {
  CHECK(Covered(row("\"ctrl.mode\"") + row("\"Mode\"")).errors ==
        only("regs.toml:2: ctrl: SIZE has no row in the compliance table, and ctrl has none "
             "either"));
  CHECK(Covered(row("\"ctrl\"") + row("\"Mode.OFF\"")).errors ==
        only("regs.toml:12: Mode: ON has no row in the compliance table, and Mode has none "
             "either"));
}

TEST_CASE("a row about something that is not described") {
  const std::string all = row(R"(["ctrl", "Mode"])");
  CHECK(Covered(all + row("\"gone\"")).errors ==
        only("table.toml:8: gone: no register, record or enum of regs/*.toml"));
  CHECK(Covered(all + row("\"ctrl.gone\"")).errors ==
        only("table.toml:8: ctrl.gone: ctrl has no such field or value"));
  CHECK(Covered(all + row("\"Mode.X*\"")).errors ==
        only("table.toml:8: Mode.X*: Mode has no such field or value"));
}

TEST_CASE("two rows about one thing") {
  const std::string all = row(R"(["ctrl", "Mode"])");
  CHECK(Covered(row("\"ctrl.size\"") + all + row("\"ctrl.size\"")).errors.front() ==
        "table.toml:12: ctrl.size: already has a row in line 4");
  CHECK(Covered(all + row("\"ctrl\"")).errors.front() ==
        "table.toml:8: ctrl: already has a row in line 4");
}

TEST_CASE("a register's row that no field is left for") {
  CHECK(Covered(row(R"(["ctrl", "Mode"])") + row("\"ctrl.*\"")).errors ==
        only("table.toml:4: ctrl: each of its fields has a row of its own: this one says "
             "nothing"));
}

TEST_CASE("something that is described and called unmodelled") {
  CHECK(Covered(row(R"(["ctrl", "Mode"])") +
                "[[manual.unmodelled]]\nnames = [\"NV_GONE\", \"NV_CTRL\"]\nwhy = \"so\"\n")
            .errors == only("table.toml:8: NV_CTRL: regs/*.toml has it: it needs a claim"));
}

TEST_CASE("a test that does not exist") {
  Covered covered(
      "[[manual.claim]]\nof = [\"ctrl\", \"Mode\"]\nis = \"implemented\"\n"
      "tested_by = [\"here\", \"gone\"]\n");
  check_tests(covered.table, {"here", "gone"}, covered.errors);
  CHECK(covered.errors.empty());
  check_tests(covered.table, {"here"}, covered.errors);
  CHECK(covered.errors == only("table.toml:4: ctrl: there is no test \"gone\""));
}

}  // namespace faultline::compliance
