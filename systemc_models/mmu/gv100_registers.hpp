// SPDX-License-Identifier: MIT
// The registers of the GV100 front end: what software wrote, what it reads, what it asks for.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/mmu/gv100_fault_buffer.hpp"
#include "systemc_models/mmu/gv100_snapshot.hpp"
#include "systemc_models/mmu/invalidate.hpp"
#include "systemc_models/mmu/modes.hpp"
#include "systemc_models/mmu/register_file.hpp"

namespace faultline::mmu {

enum class Bar : uint8_t { k1, k2 };

class Gv100Registers {
 public:
  static constexpr uint32_t kNisoSources =
      regs::niso_intr::mmu_replayable_fault_notify.mask() |
      regs::niso_intr::mmu_replayable_fault_overflow.mask() |
      regs::niso_intr::mmu_nonreplayable_fault_notify.mask() |
      regs::niso_intr::mmu_nonreplayable_fault_overflow.mask() |
      regs::niso_intr::mmu_other_fault_notify.mask();

  /// What a write means for the rest of the MMU.
  enum class Effect : uint8_t { kNone, kModes, kBindings, kInvalidate };
  struct Written {
    Effect effect = Effect::kNone;
    uint32_t enabled_again = 0;  ///< bits of NISO_INTR_EN_SET
  };

  explicit Gv100Registers(unsigned default_fault_buffer_entries)
      : buffers_{FaultBuffer(default_fault_buffer_entries),
                 FaultBuffer(default_fault_buffer_entries)} {}

  /// `offset` in BAR0, one that RegisterFile owns.
  uint32_t read(uint32_t offset, bool packet_on_its_way) const;
  Written write(uint32_t offset, uint32_t value);

  Modes modes() const;
  /// What a write of `word` to MMU_INVALIDATE asks for.
  Invalidate invalidate_operation(uint32_t word) const;
  /// An access through a BAR as a request: BARn_BLOCK names its instance block.
  Request bar_request(Bar bar, uint64_t offset, Access access) const;
  regs::BarMode bar_mode(Bar bar) const;
  regs::PrfFilter prefetch_filter() const;

  FaultBuffer& buffer(regs::FaultBuffer which) { return buffers_[std::to_underlying(which)]; }
  const FaultBuffer& buffer(regs::FaultBuffer which) const {
    return buffers_[std::to_underlying(which)];
  }
  Snapshot& snapshot() { return snapshot_; }
  const Snapshot& snapshot() const { return snapshot_; }
  /// Whether this fault goes to a buffer; if not, to the snapshot.
  bool is_buffered(const FaultRecord& record, regs::FaultBuffer to) const;
  /// NISO_INTR, the enabled bits of it.
  uint32_t interrupts_pending() const { return niso_pending() & interrupts_enabled_; }

 private:
  uint32_t fault_status(bool packet_on_its_way) const;
  uint32_t niso_pending() const;
  uint32_t bar_block(Bar bar) const;

  RegisterFile registers_;
  std::array<FaultBuffer, 2> buffers_;
  Snapshot snapshot_;
  uint32_t interrupts_enabled_ = 0;
};

}  // namespace faultline::mmu
