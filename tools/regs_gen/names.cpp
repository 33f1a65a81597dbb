// SPDX-License-Identifier: MIT
// One name in the spelling of each language.
#include "tools/regs_gen/names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace faultline::regs_gen {

namespace {

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool lower_case(char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }
bool upper_case(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
char to_upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }
char to_lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

}  // namespace

std::string upper(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), to_upper);
  return out;
}

std::string camel(std::string_view name) {
  std::string out;
  bool start = true;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '_') {
      start = true;
      if (i > 0 && i + 1 < name.size() && digit(name[i - 1]) && digit(name[i + 1])) out += '_';
    } else {
      out += start ? to_upper(name[i]) : to_lower(name[i]);
      start = false;
    }
  }
  return out;
}

std::string snake(std::string_view camel_name) {
  std::string out;
  for (char c : camel_name) {
    if (upper_case(c) && !out.empty()) out += '_';
    out += to_lower(c);
  }
  return out;
}

std::string c_name(std::string_view name) {
  constexpr std::string_view kPrefix = "faultline_";
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  return "FAULTLINE_" + upper(name);
}

bool is_snake(std::string_view name) {
  return !name.empty() && lower_case(name[0]) &&
         std::ranges::all_of(name, [](char c) { return lower_case(c) || digit(c) || c == '_'; });
}

bool is_camel(std::string_view name) {
  return !name.empty() && upper_case(name[0]) && std::ranges::all_of(name, [](char c) {
    return lower_case(c) || upper_case(c) || digit(c);
  });
}

bool is_upper(std::string_view name) {
  return !name.empty() && (upper_case(name[0]) || digit(name[0])) &&
         std::ranges::all_of(name, [](char c) { return upper_case(c) || digit(c) || c == '_'; });
}

bool is_reserved(std::string_view name) {
  static constexpr auto kReserved = std::to_array<std::string_view>(
      {"and",       "assign",   "auto",     "begin",     "bind",      "bit",      "bool",
       "break",     "byte",     "case",     "catch",     "char",      "class",    "clone",
       "concept",   "const",    "continue", "default",   "delete",    "disable",  "do",
       "double",    "edge",     "else",     "end",       "enum",      "event",    "explicit",
       "export",    "extern",   "final",    "float",     "for",       "force",    "function",
       "goto",      "if",       "inline",   "input",     "inside",    "int",      "logic",
       "long",      "module",   "mutable",  "namespace", "new",       "not",      "offset",
       "operator",  "or",       "output",   "package",   "parameter", "private",  "property",
       "protected", "public",   "pure",     "real",      "reg",       "register", "release",
       "repeat",    "requires", "return",   "short",     "signed",    "sizeof",   "static",
       "string",    "struct",   "super",    "supply",    "switch",    "table",    "task",
       "template",  "this",     "throw",    "time",      "type",      "typedef",  "union",
       "unique",    "unsigned", "using",    "var",       "virtual",   "void",     "volatile",
       "wait",      "while",    "wire",     "with",      "xor"});
  static_assert(std::ranges::is_sorted(kReserved));
  return std::ranges::binary_search(kReserved, name);
}

}  // namespace faultline::regs_gen
