// SPDX-License-Identifier: MIT
// A module's registers, as the device top sees them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "regs/generated/faultline_regs.hpp"

namespace faultline::tlm {

/// Neither call waits or lets simulated time pass.
class RegisterBlock {
 public:
  virtual ~RegisterBlock() = default;
  /// `offset` in BAR0, aligned; nothing if there is no such register here.
  virtual std::optional<uint32_t> read_register(uint32_t offset) = 0;
  enum class Taken : uint8_t { kNo, kYes };
  virtual Taken write_register(uint32_t offset, uint32_t value) = 0;
};

/// The description of the register at `offset`; null if there is none.
constexpr const regs::RegisterInfo* find_register(uint32_t offset) {
  const auto* found = std::ranges::find_if(
      regs::kRegisters, [offset](const regs::RegisterInfo& info) { return info.covers(offset); });
  return found == regs::kRegisters.end() ? nullptr : found;
}

/// Which element of the array `info` lies at `offset`; nothing if none does.
constexpr std::optional<uint32_t> index_in(const regs::RegisterInfo& info, uint32_t offset) {
  if (!info.covers(offset)) return {};
  return info.count == 1 ? 0 : (offset - info.offset) / info.stride;
}

}  // namespace faultline::tlm
