// SPDX-License-Identifier: MIT
// TOML files to a description.
#include "tools/regs_gen/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <tuple>
#include <utility>

#include "tools/regs_gen/reader.hpp"

namespace faultline::regs_gen {

namespace {

/// "31:12" or "7".
std::pair<unsigned, unsigned> read_bits(Reader& reader) {
  const std::string text = reader.required_text("bits");
  unsigned high = 0;
  const char* end = text.data() + text.size();
  auto [rest, high_error] = std::from_chars(text.data(), end, high);
  unsigned low = high;
  bool good = high_error == std::errc{};
  if (good && rest != end) {
    auto [last, low_error] = std::from_chars(rest + 1, end, low);
    good = *rest == ':' && low_error == std::errc{} && last == end;
  }
  if (!good) reader.error(fmt::format("bits \"{}\" must be \"high:low\" or \"bit\"", text));
  if (good && low > high) {
    reader.error(fmt::format("bits \"{}\" have the low bit first", text));
    std::swap(low, high);
  }
  return {high, low};
}

AccessRule read_access(Reader& reader, AccessRule otherwise) {
  const std::string text = reader.text("access");
  if (text.empty()) return otherwise;
  if (text == "RO") return AccessRule::kReadOnly;
  if (text == "RW") return AccessRule::kReadWrite;
  if (text == "W1C") return AccessRule::kWriteOneToClear;
  if (text == "WO") return AccessRule::kWriteOnly;
  if (text == "TRIGGER") return AccessRule::kTrigger;
  reader.error(fmt::format("access {} is none of RO, RW, W1C, WO, TRIGGER", text));
  return otherwise;
}

std::vector<Constant> read_constants(Reader& parent) {
  std::vector<Constant> constants;
  parent.each("constants", "constant", [&](Reader& reader) {
    reader.allow({"name", "value", "text"});
    constants.push_back({reader.required_text("name"), reader.required_number<uint64_t>("value"),
                         reader.text("text")});
  });
  return constants;
}

Field read_field(Reader& reader, AccessRule access) {
  reader.allow({"name", "word", "bits", "count", "stride_bits", "access", "reset", "enum",
                "variant", "manual", "text"});
  Field field;
  field.place = reader.place();
  field.name = reader.required_text("name");
  field.word = reader.number<unsigned>("word", 0);
  std::tie(field.high, field.low) = read_bits(reader);
  field.count = reader.number<unsigned>("count", 1);
  field.stride_bits = reader.number<unsigned>("stride_bits", 0);
  field.access = read_access(reader, access);
  field.reset = reader.number<uint64_t>("reset", 0);
  field.enum_name = reader.text("enum");
  field.variant = reader.text("variant");
  field.manual = reader.text("manual");
  field.text = reader.required_text("text");
  return field;
}

std::vector<Field> read_fields(Reader& parent, AccessRule access) {
  std::vector<Field> fields;
  parent.each("fields", "field",
              [&](Reader& reader) { fields.push_back(read_field(reader, access)); });
  return fields;
}

Enum read_enum(Reader& reader) {
  reader.allow({"name", "width", "manual", "text", "values"});
  Enum result;
  result.place = reader.place();
  result.name = reader.required_text("name");
  result.width = reader.required_number<unsigned>("width");
  result.manual = reader.text("manual");
  result.text = reader.required_text("text");
  reader.each("values", "value", [&](Reader& value) {
    value.allow({"name", "value", "text"});
    result.values.push_back({value.required_text("name"), value.required_number<uint64_t>("value"),
                             value.text("text")});
  });
  return result;
}

Register read_register(Reader& reader) {
  reader.allow({"name", "offset", "stride", "count", "manual", "access", "like", "text",
                "constants", "fields"});
  Register result;
  result.place = reader.place();
  result.name = reader.required_text("name");
  result.offset = reader.required_number<uint32_t>("offset");
  result.stride = reader.number<uint32_t>("stride", 0);
  result.count = reader.number<uint32_t>("count", 1);
  result.manual = reader.text("manual");
  result.access = read_access(reader, AccessRule::kReadWrite);
  result.like = reader.text("like");
  result.text = reader.required_text("text");
  result.constants = read_constants(reader);
  result.fields = read_fields(reader, result.access);
  return result;
}

Record read_record(Reader& reader) {
  reader.allow({"name", "word_bits", "words", "manual", "text", "constants", "fields"});
  Record result;
  result.place = reader.place();
  result.name = reader.required_text("name");
  result.word_bits = reader.required_number<unsigned>("word_bits");
  result.words = reader.required_number<unsigned>("words");
  result.manual = reader.text("manual");
  result.text = reader.required_text("text");
  result.constants = read_constants(reader);
  result.fields = read_fields(reader, AccessRule::kReadWrite);
  return result;
}

}  // namespace

void report(Errors& errors, const Place& place, std::string_view entry, std::string_view problem) {
  errors.push_back(fmt::format("{}:{}: {}: {}", place.file, place.line, entry, problem));
}

void parse_chapter(std::string_view text, const std::string& file, Description& description,
                   Errors& errors) {
  toml::table table;
  try {
    table = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    report(errors, {file, error.source().begin.line}, "syntax", error.description());
    return;
  }
  Reader reader(table, file, "file", errors);
  reader.allow({"title", "order", "text", "enum", "record", "register"});
  Chapter chapter;
  chapter.place = {file, 1};
  chapter.title = reader.required_text("title");
  chapter.order = reader.number<int>("order", 0);
  chapter.text = reader.text("text");
  reader.each("enum", "enum", [&](Reader& entry) { chapter.enums.push_back(read_enum(entry)); });
  reader.each("record", "record",
              [&](Reader& entry) { chapter.records.push_back(read_record(entry)); });
  reader.each("register", "register",
              [&](Reader& entry) { chapter.registers.push_back(read_register(entry)); });
  description.chapters.push_back(std::move(chapter));
}

Description parse_folder(const std::filesystem::path& folder, Errors& errors) {
  Description description;
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  if (files.empty()) {
    errors.push_back(
        fmt::format("{}: no register description (*.toml) here; name the folder with --input",
                    folder.string()));
  }
  std::ranges::sort(files);
  for (const auto& path : files) {
    std::ifstream stream(path);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    parse_chapter(text, path.string(), description, errors);
  }
  std::ranges::stable_sort(description.chapters, {}, &Chapter::order);
  return description;
}

}  // namespace faultline::regs_gen
