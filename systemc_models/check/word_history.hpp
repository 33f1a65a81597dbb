// SPDX-License-Identifier: MIT
// What the RTL has read of page tables and instance blocks, and when.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "systemc_models/rtl_shell/read_channel.hpp"

namespace faultline::check {

/// One value of 16 bytes of memory.
struct Sighting {
  std::array<uint32_t, 4> data{};
  bool error = false;      ///< no memory answered
  uint64_t last_read = 0;  ///< cycle
};

class WordHistory {
 public:
  static constexpr uint64_t kBytes = sizeof(Sighting::data);

  /// Whether this value was not known there.
  bool add(const rtl::ReadChannel::Read& read, uint64_t cycle);
  /// Newest last; `address` is aligned.
  const std::vector<Sighting>& at(mmu::Aperture aperture, uint64_t address) const;
  void clear() { words_.clear(); }

 private:
  /// What stays cached longer than so many changes of its word is not known any more. A driver
  /// changes an entry twice between invalidates.
  static constexpr size_t kMost = 64;

  std::unordered_map<uint64_t, std::vector<Sighting>> words_;
};

}  // namespace faultline::check
