// SPDX-License-Identifier: MIT
// The MMU's registers in BAR0.
#include "systemc_models/mmu/register_file.hpp"

#include <algorithm>
#include <array>

#include "regs/generated/faultline_regs.hpp"

namespace faultline::mmu {

namespace {

struct Slot {
  uint32_t offset;
  uint32_t reset;
  uint32_t rw;
};

constexpr bool is_mmu_register(const regs::RegisterInfo& info) {
  return info.name.starts_with("mmu_") || info.name.starts_with("niso_") ||
         info.name == "bar1_block" || info.name == "bar2_block" || info.name == "bind_status";
}

constexpr size_t count_slots() {
  size_t count = 0;
  for (const regs::RegisterInfo& info : regs::kRegisters)
    if (is_mmu_register(info)) count += info.count;
  return count;
}

/// Every register of the MMU, each element of an array by itself, by ascending offset.
constexpr auto kSlots = [] {
  std::array<Slot, count_slots()> slots{};
  size_t next = 0;
  for (const regs::RegisterInfo& info : regs::kRegisters) {
    if (!is_mmu_register(info)) continue;
    for (uint32_t i = 0; i < info.count; ++i)
      slots[next++] = {info.offset + i * info.stride, info.reset, info.rw};
  }
  std::ranges::sort(slots, {}, &Slot::offset);
  return slots;
}();

}  // namespace

std::optional<size_t> RegisterFile::find(uint32_t offset) {
  const auto slot = std::ranges::lower_bound(kSlots, offset, {}, &Slot::offset);
  if (slot == kSlots.end() || slot->offset != offset) return {};
  return static_cast<size_t>(slot - kSlots.begin());
}

void RegisterFile::reset() {
  words_.clear();
  for (const Slot& slot : kSlots) words_.push_back(slot.reset);
}

void RegisterFile::write(uint32_t offset, uint32_t value) {
  const size_t i = *find(offset);
  words_[i] = (words_[i] & ~kSlots[i].rw) | (value & kSlots[i].rw);
}

}  // namespace faultline::mmu
