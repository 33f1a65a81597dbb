// SPDX-License-Identifier: MIT
// Descriptions that are wrong, and the one line that says so.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <string>

#include "tools/regs_gen/check.hpp"
#include "tools/regs_gen/parse.hpp"

namespace {

namespace gen = faultline::regs_gen;

gen::Errors errors_of(const std::string& text) {
  gen::Errors errors;
  gen::Description description;
  gen::parse_chapter("title = \"Test\"\n" + text, "bad.toml", description, errors);
  gen::resolve_likes(description, errors);
  gen::check(description, errors);
  return errors;
}

gen::Errors only(const std::string& line) { return {line}; }

std::string field(const std::string& rest) { return "  { " + rest + ", text = \"-\" },\n"; }

/// Line 2 is the register, line 6 its first field.
std::string reg(const std::string& fields, const std::string& name = "some",
                const std::string& offset = "0x10") {
  return "[[register]]\nname = \"" + name + "\"\noffset = " + offset +
         "\ntext = \"-\"\nfields = [\n" + fields + "]\n";
}

std::string record(const std::string& fields) {
  return "[[record]]\nname = \"some\"\nword_bits = 32\nwords = 2\ntext = \"-\"\nfields = [\n" +
         fields + "]\n";
}

std::string with_enum(const std::string& values) {
  return "[[enum]]\nname = \"Kind\"\nwidth = 2\ntext = \"-\"\nvalues = [" + values + "]\n";
}

const std::string kGoodField = field("name = \"one\", bits = \"0\"");

}  // namespace

TEST_CASE("a good description has no errors") {
  CHECK(errors_of(reg(kGoodField)).empty());
  CHECK(errors_of(record(kGoodField)).empty());
  CHECK(errors_of(with_enum("{ name = \"A\", value = 3 }")).empty());
}

TEST_CASE("fields that overlap") {
  const std::string fields =
      field("name = \"one\", bits = \"4:0\"") + field("name = \"two\", bits = \"7:4\"");
  CHECK(
      errors_of(reg(fields)) ==
      only(
          "bad.toml:8: register some: field two: bits 7:4 of word 0 overlap field one (bits 4:0)"));
}

TEST_CASE("fields that overlap, but in different variants") {
  const std::string fields = field("name = \"one\", bits = \"4:0\", variant = \"a\"") +
                             field("name = \"two\", bits = \"7:4\", variant = \"b\"");
  CHECK(errors_of(reg(fields)).empty());
}

TEST_CASE("fields that overlap in the same variant, or with a field of none") {
  const std::string second = GENERATE("variant = \"a\"", "text = \"-\"");
  const std::string fields =
      field("name = \"one\", bits = \"4:0\", variant = \"a\"") +
      (second.starts_with("text") ? field("name = \"two\", bits = \"7:4\"")
                                  : field("name = \"two\", bits = \"7:4\", " + second));
  CHECK(errors_of(reg(fields)).size() == 1);
}

TEST_CASE("elements of an array that overlap another field") {
  const std::string fields = field("name = \"one\", bits = \"0\", count = 2, stride_bits = 32") +
                             field("name = \"two\", word = 1, bits = \"3:0\"");
  CHECK(
      errors_of(record(fields)) ==
      only("bad.toml:9: record some: field two: bits 3:0 of word 1 overlap field one (bits 0:0)"));
}

TEST_CASE("a field beyond its word") {
  CHECK(errors_of(reg(field("name = \"one\", bits = \"32:30\""))) ==
        only("bad.toml:7: register some: field one: bits 32:30 are beyond a word of 32 bits"));
}

TEST_CASE("a field beyond its record") {
  CHECK(errors_of(record(field("name = \"one\", word = 2, bits = \"0\""))) ==
        only("bad.toml:8: record some: field one: word 2 is beyond the end: there are 2 words"));
}

TEST_CASE("an array beyond its record") {
  CHECK(errors_of(record(field("name = \"one\", bits = \"0\", count = 65, stride_bits = 1"))) ==
        only("bad.toml:8: record some: field one: word 2 is beyond the end: there are 2 words"));
}

TEST_CASE("an array whose elements overlap each other, or cross a word") {
  CHECK(errors_of(record(field("name = \"one\", bits = \"3:0\", count = 2, stride_bits = 3"))) ==
        only("bad.toml:8: record some: field one: stride_bits 3 makes the 2 fields overlap"));
  CHECK(errors_of(record(field("name = \"one\", bits = \"7:0\", count = 3, stride_bits = 14"))) ==
        only("bad.toml:8: record some: field one: element 2 crosses a word"));
}

TEST_CASE("two registers at one offset") {
  CHECK(errors_of(reg(kGoodField) + reg(kGoodField, "other")) ==
        only("bad.toml:9: register other: offset 0x10 of other is already taken by some"));
}

TEST_CASE("an array of registers that runs into another register") {
  const std::string array = reg(kGoodField, "array", "0x8\nstride = 4\ncount = 4");
  CHECK(errors_of(reg(kGoodField) + array) ==
        only("bad.toml:9: register array: offset 0x10 of array(2) is already taken by some"));
}

TEST_CASE("offsets that no register can have") {
  CHECK(errors_of(reg(kGoodField, "some", "0x12")) ==
        only("bad.toml:2: register some: offset 0x12 is not a multiple of 4"));
  CHECK(errors_of(reg(kGoodField, "some", "0x1000000")) ==
        only("bad.toml:2: register some: lies beyond BAR0, which has 16 MiB"));
  CHECK(errors_of(reg(kGoodField, "some", "-4")) ==
        only("bad.toml:2: register some: offset must be an integer of 0 to 4294967295"));
  CHECK(errors_of(reg(kGoodField, "some", "0x10\ncount = 2")) ==
        only("bad.toml:2: register some: an array needs a count and a stride that is a multiple of "
             "4"));
}

TEST_CASE("an enum that does not exist") {
  CHECK(errors_of(reg(field("name = \"one\", bits = \"1:0\", enum = \"Kind\""))) ==
        only("bad.toml:7: register some: field one: unknown enum Kind"));
}

TEST_CASE("an enum of another width than its field") {
  CHECK(errors_of(with_enum("{ name = \"A\", value = 0 }") +
                  reg(field("name = \"one\", bits = \"2:0\", enum = \"Kind\""))) ==
        only("bad.toml:12: register some: field one: is 3 bits wide, but enum Kind has 2"));
}

TEST_CASE("enum values that are too wide, or the same") {
  CHECK(errors_of(with_enum("{ name = \"A\", value = 4 }")) ==
        only("bad.toml:2: enum Kind: A = 0x4 is wider than 2 bits"));
  CHECK(errors_of(with_enum("{ name = \"A\", value = 1 }, { name = \"B\", value = 1 }")) ==
        only("bad.toml:2: enum Kind: A and B are both 0x1"));
}

TEST_CASE("names that are taken") {
  CHECK(errors_of(reg(kGoodField + field("name = \"one\", bits = \"1\""))) ==
        only("bad.toml:8: register some: field one: the name FAULTLINE_SOME_ONE is already taken "
             "by register some: field one "
             "(bad.toml:7)"));
  CHECK(errors_of(with_enum("{ name = \"A\", value = 0 }, { name = \"A\", value = 1 }")) ==
        only("bad.toml:2: enum Kind: value A: the name FAULTLINE_KIND_A is already taken by enum "
             "Kind: value A (bad.toml:2)"));
}

TEST_CASE("a register and the field of another that are one name in C") {
  const std::string first = reg(field("name = \"ctrl_mode\", bits = \"0\""), "chan");
  const std::string second = reg(field("name = \"mode\", bits = \"0\""), "chan_ctrl", "0x14");
  CHECK(errors_of(first + second).size() == 1);
}

TEST_CASE("a field whose C name is that of another field's word") {
  const std::string fields =
      field("name = \"one\", bits = \"0\"") + field("name = \"one_word\", bits = \"1\"");
  CHECK(errors_of(record(fields)) ==
        only("bad.toml:9: record some: field one_word: the name FAULTLINE_SOME_ONE_WORD is already "
             "taken by record some: field one (bad.toml:8)"));
}

TEST_CASE("names that some language cannot take") {
  CHECK(errors_of(reg(field("name = \"xor\", bits = \"0\""))) ==
        only("bad.toml:7: register some: field xor: the name xor is a keyword or reserved"));
  CHECK(errors_of(reg(field("name = \"One\", bits = \"0\""))) ==
        only("bad.toml:7: register some: field One: the name One must be snake_case"));
}

TEST_CASE("a reset value wider than its field") {
  CHECK(errors_of(reg(field("name = \"one\", bits = \"1:0\", reset = 4"))) ==
        only("bad.toml:7: register some: field one: reset value 0x4 is wider than 2 bits"));
}

TEST_CASE("bits that cannot be read") {
  const std::string bits = GENERATE("", "x", "3:", "3-0", "3:0:1");
  CHECK(errors_of(reg(field("name = \"one\", bits = \"" + bits + "\""))) ==
        only("bad.toml:7: register some: field one: bits \"" + bits +
             "\" must be \"high:low\" or \"bit\""));
}

TEST_CASE("bits in the wrong order") {
  CHECK(errors_of(reg(field("name = \"one\", bits = \"0:3\""))) ==
        only("bad.toml:7: register some: field one: bits \"0:3\" have the low bit first"));
}

TEST_CASE("an access rule that does not exist") {
  CHECK(
      errors_of(reg(field("name = \"one\", bits = \"0\", access = \"W1S\""))) ==
      only("bad.toml:7: register some: field one: access W1S is none of RO, RW, W1C, WO, TRIGGER"));
}

TEST_CASE("keys that are unknown, missing or of the wrong type") {
  CHECK(errors_of(reg(field("name = \"one\", bits = \"0\", rest = 1"))) ==
        only("bad.toml:7: register some: field one: unknown key rest"));
  CHECK(errors_of("[[register]]\nname = \"some\"\ntext = \"-\"\nfields = [\n" + kGoodField +
                  "]\n") == only("bad.toml:2: register some: offset is missing"));
  CHECK(errors_of(reg(field("name = \"one\", bits = 3"))).front() ==
        "bad.toml:7: register some: field one: bits must be a string");
}

TEST_CASE("a register like one that does not exist") {
  CHECK(errors_of("[[register]]\nname = \"some\"\noffset = 0\ntext = \"-\"\nlike = \"other\"\n")
            .front() ==
        "bad.toml:2: register some: like = other, which is no register with fields of its own");
}

TEST_CASE("a register like another takes its fields, with its own access rule") {
  gen::Errors errors;
  gen::Description description;
  gen::parse_chapter("title = \"Test\"\n" + reg(kGoodField) +
                         "[[register]]\nname = \"other\"\noffset = 0\ntext = \"-\"\nlike = "
                         "\"some\"\naccess = \"WO\"\n",
                     "good.toml", description, errors);
  gen::resolve_likes(description, errors);
  REQUIRE(errors.empty());
  const gen::Register& other = description.chapters[0].registers[1];
  REQUIRE(other.fields.size() == 1);
  CHECK(other.fields[0].name == "one");
  CHECK(other.fields[0].access == gen::AccessRule::kWriteOnly);
}

TEST_CASE("a file that is not TOML") {
  const gen::Errors errors = errors_of("[[register\n");
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].starts_with("bad.toml:2: syntax: "));
}

TEST_CASE("a folder without a description") {
  gen::Errors errors;
  gen::parse_folder("/nonexistent", errors);
  CHECK(errors ==
        only("/nonexistent: no register description (*.toml) here; name the folder with --input"));
}
