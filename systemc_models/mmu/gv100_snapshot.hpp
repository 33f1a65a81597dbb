// SPDX-License-Identifier: MIT
// The GV100 snapshot registers: faults that no buffer takes (pri_mmu_hub, FAULT_ADDR to
// FAULT_STATUS).
#pragma once

#include <cstdint>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/trace.hpp"

namespace faultline::mmu {

class Snapshot {
 public:
  enum class Latched : uint8_t { kNo, kYes };

  /// Keeps the fault, or, if one is held already, notes that it was dropped.
  Latched latch(const FaultRecord& record);
  void write_status(uint32_t value) {
    status_ &= ~(value & (regs::mmu_fault_status::valid.mask() | kDropped));
  }

  bool valid() const { return regs::mmu_fault_status::valid.get(status_) != 0; }
  /// VALID and the DROPPED bits of FAULT_STATUS.
  uint32_t status() const { return status_; }
  uint32_t addr_lo() const { return addr_lo_; }
  uint32_t addr_hi() const { return addr_hi_; }
  uint32_t inst_lo() const { return inst_lo_; }
  uint32_t inst_hi() const { return inst_hi_; }
  /// Its VALID is that of FAULT_STATUS.
  uint32_t info() const { return regs::mmu_fault_info::valid.set(info_, valid()); }

 private:
  static constexpr uint32_t kDropped = regs::mmu_fault_status::dropped_bar1_phys.mask() |
                                       regs::mmu_fault_status::dropped_bar1_virt.mask() |
                                       regs::mmu_fault_status::dropped_bar2_phys.mask() |
                                       regs::mmu_fault_status::dropped_bar2_virt.mask() |
                                       regs::mmu_fault_status::dropped_ifb_phys.mask() |
                                       regs::mmu_fault_status::dropped_ifb_virt.mask() |
                                       regs::mmu_fault_status::dropped_other_phys.mask() |
                                       regs::mmu_fault_status::dropped_other_virt.mask();

  uint32_t status_ = 0;
  uint32_t addr_lo_ = 0;
  uint32_t addr_hi_ = 0;
  uint32_t inst_lo_ = 0;
  uint32_t inst_hi_ = 0;
  uint32_t info_ = 0;
};

}  // namespace faultline::mmu
