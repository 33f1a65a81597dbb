// SPDX-License-Identifier: MIT
// What several emitters share: wrapped comments, masks, registers in order.
#include "tools/regs_gen/layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <tuple>

namespace faultline::regs_gen {

std::vector<std::string> wrap(std::string_view text, size_t columns) {
  std::vector<std::string> lines;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    if (lines.empty() || lines.back().size() + 1 + word.size() > columns) {
      lines.push_back(word);
    } else {
      lines.back() += ' ' + word;
    }
  }
  return lines;
}

std::string line_comment(std::string_view text, std::string_view prefix) {
  std::string out;
  for (const std::string& line : wrap(text, kColumns - prefix.size()))
    out += fmt::format("{}{}\n", prefix, line);
  return out;
}

uint64_t mask(const Field& field) {
  const unsigned width = field.width();
  return (width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1) << field.low;
}

uint32_t access_mask(const Register& reg, AccessRule access) {
  uint64_t bits = 0;
  for (const Field& field : reg.fields) {
    if (field.access == access) bits |= mask(field);
  }
  return static_cast<uint32_t>(bits);
}

std::vector<const Register*> by_offset(const Description& description) {
  std::vector<const Register*> all;
  for (const Chapter& chapter : description.chapters) {
    for (const Register& reg : chapter.registers) all.push_back(&reg);
  }
  std::ranges::sort(all, {}, [](const Register* reg) { return reg->offset; });
  return all;
}

std::vector<std::string> variants(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Field& field : fields) {
    if (!field.variant.empty() && std::ranges::find(names, field.variant) == names.end())
      names.push_back(field.variant);
  }
  if (names.empty()) names.emplace_back();
  return names;
}

std::vector<const Field*> fields_of(const std::vector<Field>& fields, std::string_view variant) {
  std::vector<const Field*> result;
  for (const Field& field : fields) {
    if (field.variant.empty() || field.variant == variant) result.push_back(&field);
  }
  std::ranges::sort(result, std::ranges::greater{},
                    [](const Field* field) { return std::tuple(field->word, field->low); });
  return result;
}

}  // namespace faultline::regs_gen
