// SPDX-License-Identifier: MIT
// One TOML table, read key by key; whatever is wrong becomes an error with file and line.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <toml++/toml.hpp>
#include <utility>
#include <vector>

#include "tools/regs_gen/description.hpp"
#include "tools/regs_gen/parse.hpp"

namespace faultline::regs_gen {

/// Reads one TOML table, and knows how to complain about it.
class Reader {
 public:
  Reader(const toml::table& table, const std::string& file, std::string_view kind, Errors& errors)
      : table_(table), file_(file), errors_(errors), place_{file, table.source().begin.line} {
    const auto name = table["name"].value<std::string>();
    entry_ = name ? fmt::format("{} {}", kind, *name) : std::string(kind);
  }

  const Place& place() const { return place_; }
  const std::string& entry() const { return entry_; }
  void error(std::string_view problem) { report(errors_, place_, entry_, problem); }

  std::string text(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return {};
    if (const auto value = node->value_exact<std::string>()) return *value;
    error(fmt::format("{} must be a string", key));
    return {};
  }

  /// A string, or an array of strings.
  std::vector<std::string> texts(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return {};
    if (const auto value = node->value_exact<std::string>()) return {*value};
    std::vector<std::string> all;
    const toml::array* array = node->as_array();
    for (size_t i = 0; array != nullptr && i < array->size(); ++i) {
      if (const auto value = (*array)[i].value_exact<std::string>()) all.push_back(*value);
    }
    if (array == nullptr || all.size() != array->size())
      error(fmt::format("{} must be a string or an array of strings", key));
    return all;
  }

  std::string required_text(std::string_view key) {
    if (!table_.contains(key)) error(fmt::format("{} is missing", key));
    return text(key);
  }

  template <typename Number>
  Number number(std::string_view key, Number otherwise) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return otherwise;
    const auto value = node->value_exact<int64_t>();
    if (value && std::in_range<Number>(*value)) return static_cast<Number>(*value);
    error(fmt::format("{} must be an integer of 0 to {}", key, std::numeric_limits<Number>::max()));
    return otherwise;
  }

  template <typename Number>
  Number required_number(std::string_view key) {
    if (!table_.contains(key)) error(fmt::format("{} is missing", key));
    return number<Number>(key, 0);
  }

  /// Calls `read` for each table of the array at `key`.
  template <typename Read>
  void each(std::string_view key, std::string_view kind, Read read) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr ||
        !std::ranges::all_of(*array, [](const toml::node& n) { return n.is_table(); })) {
      error(fmt::format("{} must be an array of tables", key));
      return;
    }
    for (const toml::node& item : *array) {
      Reader reader(*item.as_table(), file_, kind, errors_);
      if (kind == "field" || kind == "value" || kind == "constant")
        reader.entry_ = entry_ + ": " + reader.entry_;
      read(reader);
    }
  }

  void allow(std::initializer_list<std::string_view> keys) {
    for (const auto& [key, node] : table_) {
      if (std::ranges::find(keys, key.str()) == keys.end())
        error(fmt::format("unknown key {}", key.str()));
    }
  }

 private:
  const toml::table& table_;
  const std::string& file_;
  Errors& errors_;
  Place place_;
  std::string entry_;
};

}  // namespace faultline::regs_gen
