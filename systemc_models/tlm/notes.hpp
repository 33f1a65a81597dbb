// SPDX-License-Identifier: MIT
// Registers in which a driver tells the sanitizer of its doings.
#pragma once

#include <array>
#include <cstdint>

#include "systemc_models/tlm/mmu_ports.hpp"
#include "systemc_models/tlm/register_block.hpp"

namespace faultline::tlm {

/// They are always there, so that a driver need not care; without somebody who watches the MMU what
/// is written is only kept.
class Notes : public RegisterBlock {
 public:
  explicit Notes(MmuPorts& mmu) : mmu_(mmu) {}

  void reset() { words_.fill(0); }

  std::optional<uint32_t> read_register(uint32_t offset) override;
  Taken write_register(uint32_t offset, uint32_t value) override;

 private:
  static constexpr uint32_t kFirst = regs::faultline_note_pdb_lo::kOffset;
  static constexpr uint32_t kLast = regs::faultline_note::kOffset;

  uint32_t word(uint32_t offset) const { return words_[(offset - kFirst) / sizeof(uint32_t)]; }
  mmu::Note note() const;

  MmuPorts& mmu_;
  std::array<uint32_t, (kLast - kFirst) / sizeof(uint32_t) + 1> words_{};
};

}  // namespace faultline::tlm
