// SPDX-License-Identifier: MIT
// What is known of requests, by the tags that they have on the ports.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace faultline::rtl {

template <typename T>
class TagTable {
 public:
  /// Under a tag that nobody has, and nobody had for as long as possible: so whoever mistakes a tag
  /// finds none, not another. Throws std::length_error when all 65536 are taken.
  uint16_t add(T value) {
    if (free_.empty()) grow();
    const uint16_t tag = free_.front();
    free_.pop_front();
    values_[tag] = std::move(value);
    return tag;
  }
  /// Null: nobody has it.
  T* find(uint16_t tag) { return tag < values_.size() && values_[tag] ? &*values_[tag] : nullptr; }
  /// Of a tag that somebody has.
  T& at(uint16_t tag) { return values_.at(tag).value(); }
  void remove(uint16_t tag) {
    values_[tag].reset();
    free_.push_back(tag);
  }
  /// Removes all. Returns them.
  std::vector<T> take_all() {
    std::vector<T> taken;
    for (auto& value : values_)
      if (value) taken.push_back(*std::move(value));
    values_.clear();
    free_.clear();
    return taken;
  }

 private:
  static constexpr size_t kGrowth = 256;
  static constexpr size_t kTags = size_t{std::numeric_limits<uint16_t>::max()} + 1;

  void grow() {
    const size_t size = values_.size();
    if (size == kTags) throw std::length_error("more requests in flight than tags");
    values_.resize(size + kGrowth);
    for (size_t tag = size; tag < size + kGrowth; ++tag)
      free_.push_back(static_cast<uint16_t>(tag));
  }

  std::vector<std::optional<T>> values_;
  std::deque<uint16_t> free_;
};

}  // namespace faultline::rtl
