// SPDX-License-Identifier: MIT
// The MMU's registers in BAR0, and the values of those that are plain storage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace faultline::mmu {

class RegisterFile {
 public:
  RegisterFile() { reset(); }

  static bool owns(uint32_t offset) { return find(offset).has_value(); }

  void reset();
  /// The offset must be one that the MMU owns. Bits that are not plain storage keep their reset
  /// value.
  uint32_t read(uint32_t offset) const { return words_[*find(offset)]; }
  void write(uint32_t offset, uint32_t value);

 private:
  static std::optional<size_t> find(uint32_t offset);

  std::vector<uint32_t> words_;
};

}  // namespace faultline::mmu
