// SPDX-License-Identifier: MIT
// The names of all tests there are.
#include "tools/compliance/known_tests.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <regex>

namespace faultline::compliance {

namespace {

/// What adjacent C++ string literals stand for, if only quotes and backslashes are escaped.
std::string joined(const std::string& literals) {
  static const std::regex literal(R"re("((?:[^"\\]|\\.)*)")re");
  static const std::regex escape(R"(\\(["\\]))");
  std::string text;
  for (std::sregex_iterator i(literals.begin(), literals.end(), literal), end; i != end; ++i)
    text += std::regex_replace((*i)[1].str(), escape, "$1");
  return text;
}

template <typename Convert>
TestNames matches(std::string_view source, const std::regex& pattern, Convert convert) {
  TestNames names;
  std::cregex_iterator match(source.data(), source.data() + source.size(), pattern);
  for (; match != std::cregex_iterator(); ++match) names.insert(convert((*match)[1].str()));
  return names;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void check_claim(const Claim& claim, const Place& place, const std::string& entry,
                 const TestNames& names, Errors& errors) {
  for (const std::string& test : claim.tested_by) {
    if (!names.contains(test))
      regs_gen::report(errors, place, entry, fmt::format("there is no test \"{}\"", test));
  }
}

}  // namespace

TestNames catch2_names(std::string_view source) {
  static const std::regex pattern(
      R"re(\bTEST_CASE(?:\(|_METHOD\(\s*[\w:]+\s*,)\s*("(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*))re");
  return matches(source, pattern, joined);
}

TestNames guest_names(std::string_view source) {
  static const std::regex pattern(R"(\bTEST\((\w+)\))");
  return matches(source, pattern, [](const std::string& name) { return name; });
}

TestNames names_in_folder(const std::filesystem::path& folder) {
  TestNames names;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    const auto extension = entry.path().extension();
    if (extension == ".cpp") names.merge(catch2_names(read_file(entry.path())));
    if (extension == ".c") names.merge(guest_names(read_file(entry.path())));
  }
  return names;
}

void check_tests(const Table& table, const TestNames& names, Errors& errors) {
  for (const Manual& manual : table) {
    for (const Entry& entry : manual.entries)
      check_claim(entry.claim, entry.place, entry.of.empty() ? "entry" : entry.of.front(), names,
                  errors);
    for (const Behaviour& behaviour : manual.behaviours)
      check_claim(behaviour.claim, behaviour.place, "behaviour " + behaviour.id, names, errors);
  }
}

}  // namespace faultline::compliance
