// SPDX-License-Identifier: MIT
// The MMU's registers in BAR0.
#include "systemc_models/mmu/register_file.hpp"

namespace faultline::mmu {

namespace {

constexpr bool is_mmu_register(const regs::RegisterInfo& info) {
  return info.name.starts_with("mmu_") || info.name.starts_with("niso_") ||
         info.name == "bar1_block" || info.name == "bar2_block" || info.name == "bind_status";
}

}  // namespace

size_t RegisterFile::find(uint32_t offset) {
  for (size_t i = 0; i < regs::kRegisters.size(); ++i) {
    const regs::RegisterInfo& info = regs::kRegisters[i];
    if (!info.covers(offset) || !is_mmu_register(info)) continue;
    return i * kElements + (info.count == 1 ? 0 : (offset - info.offset) / info.stride);
  }
  return kNone;
}

void RegisterFile::reset() {
  for (size_t i = 0; i < words_.size(); ++i) words_[i] = regs::kRegisters[i / kElements].reset;
}

void RegisterFile::write(uint32_t offset, uint32_t value) {
  const size_t i = find(offset);
  const uint32_t rw = regs::kRegisters[i / kElements].rw;
  words_[i] = (words_[i] & ~rw) | (value & rw);
}

}  // namespace faultline::mmu
