// SPDX-License-Identifier: MIT
// System memory of a test: a few mapped ranges.
#pragma once

#include <algorithm>
#include <cstring>
#include <list>
#include <vector>

#include "systemc_models/tlm/host_memory.hpp"

namespace faultline::tests {

class FakeHostMemory : public tlm::HostMemory {
 public:
  /// Neighbouring ranges are separate pieces of host memory, as those of a client's map are.
  void map(uint64_t address, uint64_t size) {
    ranges_.push_back({address, std::vector<Word>(size / sizeof(Word))});
  }
  void unmap_all() { ranges_.clear(); }
  void make_read_only() { writable_ = false; }

  std::span<std::byte> span(uint64_t address, size_t size, tlm::Intent intent) override {
    if (intent == tlm::Intent::kWrite && !writable_) return {};
    for (Range& range : ranges_) {
      const auto bytes = range.bytes();
      if (address < range.address || address - range.address > bytes.size()) continue;
      const uint64_t offset = address - range.address;
      if (size <= bytes.size() - offset) return bytes.subspan(offset, size);
    }
    return {};
  }
  bool read(uint64_t address, std::span<std::byte> out) override {
    return each_byte(address, out.size(), tlm::Intent::kRead,
                     [&](size_t i, std::byte& at) { out[i] = at; });
  }
  bool write(uint64_t address, std::span<const std::byte> in) override {
    return each_byte(address, in.size(), tlm::Intent::kWrite,
                     [&](size_t i, std::byte& at) { at = in[i]; });
  }

  template <typename T>
  T& at(uint64_t address) {
    return *reinterpret_cast<T*>(span(address, sizeof(T), tlm::Intent::kRead).data());
  }

 private:
  using Word = uint64_t;  // for its alignment
  struct Range {
    uint64_t address;
    std::vector<Word> words;
    std::span<std::byte> bytes() { return std::as_writable_bytes(std::span(words)); }
  };

  template <typename Function>
  bool each_byte(uint64_t address, size_t size, tlm::Intent intent, Function&& function) {
    for (size_t i = 0; i < size; ++i)
      if (span(address + i, 1, intent).empty()) return false;
    for (size_t i = 0; i < size; ++i) function(i, span(address + i, 1, intent)[0]);
    return true;
  }

  std::list<Range> ranges_;
  bool writable_ = true;
};

}  // namespace faultline::tests
