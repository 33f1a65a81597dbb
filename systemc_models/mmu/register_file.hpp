// SPDX-License-Identifier: MIT
// The MMU's registers in BAR0, and the values of those that are plain storage.
#pragma once

#include <array>
#include <cstdint>

#include "regs/generated/faultline_regs.hpp"

namespace faultline::mmu {

class RegisterFile {
 public:
  RegisterFile() { reset(); }

  static bool owns(uint32_t offset) { return find(offset) != kNone; }

  void reset();
  /// The offset must be one that the MMU owns. Bits that are not plain storage keep their reset
  /// value.
  uint32_t read(uint32_t offset) const { return words_[find(offset)]; }
  void write(uint32_t offset, uint32_t value);

 private:
  static constexpr size_t kElements = 2;  // no register array of the MMU is longer
  static constexpr size_t kNone = ~size_t{0};

  static size_t find(uint32_t offset);

  std::array<uint32_t, regs::kRegisters.size() * kElements> words_{};
};

}  // namespace faultline::mmu
