// SPDX-License-Identifier: MIT
// What is known of requests, by the tags that they have on the ports.
#pragma once

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

namespace faultline::rtl {

template <typename T>
class TagTable {
 public:
  /// Under a tag that nobody has, and nobody had for as long as possible: so whoever mistakes a tag
  /// finds none, not another. Throws std::length_error when all 65536 are taken.
  uint16_t add(const T& value) {
    if (first_free_ == kNone) grow();
    const uint32_t tag = first_free_;
    Entry& entry = entries_[tag];
    first_free_ = entry.next_free;
    entry.value = value;
    entry.taken = true;
    return static_cast<uint16_t>(tag);
  }
  /// Null: nobody has it.
  T* find(uint16_t tag) {
    return tag < entries_.size() && entries_[tag].taken ? &entries_[tag].value : nullptr;
  }
  /// Of a tag that somebody has. Throws std::out_of_range if nobody does.
  T& at(uint16_t tag) {
    if (T* const value = find(tag)) return *value;
    throw std::out_of_range("nobody has this tag");
  }
  /// Of a tag that somebody has.
  void remove(uint16_t tag) {
    entries_[tag].taken = false;
    set_free(tag);
  }
  /// Removes all. Returns them.
  std::vector<T> take_all() {
    std::vector<T> taken;
    for (Entry& entry : entries_)
      if (entry.taken) taken.push_back(std::move(entry.value));
    entries_.clear();
    first_free_ = kNone;
    return taken;
  }

 private:
  static constexpr uint32_t kGrowth = 256;
  static constexpr uint32_t kTags = uint32_t{std::numeric_limits<uint16_t>::max()} + 1;
  static constexpr uint32_t kNone = kTags;

  /// Those that nobody has are a list.
  struct Entry {
    T value{};
    uint32_t next_free = kNone;
    bool taken = false;
  };

  void set_free(uint32_t tag) {
    entries_[tag].next_free = kNone;
    if (first_free_ == kNone)
      first_free_ = tag;
    else
      entries_[last_free_].next_free = tag;
    last_free_ = tag;
  }

  void grow() {
    const auto size = static_cast<uint32_t>(entries_.size());
    if (size == kTags) throw std::length_error("more requests in flight than tags");
    entries_.resize(size + kGrowth);
    for (uint32_t tag = size; tag < size + kGrowth; ++tag) set_free(tag);
  }

  std::vector<Entry> entries_;
  uint32_t first_free_ = kNone;
  uint32_t last_free_ = kNone;
};

}  // namespace faultline::rtl
