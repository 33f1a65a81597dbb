// SPDX-License-Identifier: MIT
// A claim for everything that has a manual's name, and none for what does not exist.
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
manual = "NV_CTRL_MODE"
text = "-"
values = [{ name = "OFF", value = 0 }, { name = "ON", value = 1 }]

[[register]]
name = "own"
offset = 0x20
text = "of no manual"
fields = [{ name = "mode", bits = "0", text = "-" }]
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
  return "[[manual.entry]]\nof = " + of + "\nis = \"" + is + "\"\nwhy = \"so\"\n";
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
  CHECK(covered.sections.at(0).rows.at(1).members == Names{"OFF", "ON"});
}

TEST_CASE("a field or value without a row") {
  CHECK(Covered(row("\"ctrl.mode\"") + row("\"Mode\"")).errors ==
        only("regs.toml:2: ctrl: SIZE has no row in the compliance table, and ctrl (NV_CTRL) has "
             "none either"));
  CHECK(Covered(row("\"ctrl\"") + row("\"Mode.OFF\"")).errors ==
        only("regs.toml:12: Mode: ON has no row in the compliance table, and Mode (NV_CTRL_MODE) "
             "has none either"));
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

TEST_CASE("two behaviours of one id") {
  const std::string behaviour =
      "[[manual.behaviour]]\nid = \"B1\"\ntext = \"-\"\nis = \"absent\"\nwhy = \"so\"\n";
  CHECK(Covered(row(R"(["ctrl", "Mode"])") + behaviour + behaviour).errors ==
        only("table.toml:13: behaviour B1: the id is taken in line 8"));
}

}  // namespace faultline::compliance
