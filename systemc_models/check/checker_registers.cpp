// SPDX-License-Identifier: MIT
// Registers: what software wrote, and what it may read.
#include "systemc_models/check/complain.hpp"

namespace faultline::check {

using Effect = mmu::Gv100Registers::Effect;

namespace {

/// From the last word of a packet in memory to PUT.
constexpr uint64_t kPutCycles = 16;
constexpr uint32_t kAll = ~uint32_t{0};

}  // namespace

void Checker::register_accessed(const rtl::RegisterAccess& access) {
  if (access.is_write) {
    write(access);
    resting_ = false;
  } else {
    check_read(access);
  }
}

void Checker::write(const rtl::RegisterAccess& access) {
  note_readiness();
  for (const auto which : {regs::FaultBuffer::kNonReplayable, regs::FaultBuffer::kReplayable}) {
    const auto i = std::to_underlying(which);
    const bool clears = access.offset == regs::mmu_fault_buffer_get::offset(i) &&
                        regs::mmu_fault_buffer_get::overflow.get(access.value);
    if (clears && resting_) uncertain_[i] = false;
  }
  OperationQueue::Operation operation;
  operation.triggered = cycle_;
  switch (registers_.write(access.offset, access.value).effect) {
    case Effect::kNone:
      break;
    case Effect::kModes:
      old_modes_ = modes_;
      modes_ = registers_.modes();
      modes_changed_ = cycle_;
      operation.invalidate.all_va = operation.invalidate.all_pdb = true;
      operations_.flush(operation);
      if (regs::mmu_ctrl::pri_fifo_error_clear.get(access.value)) operations_.forget_losses();
      break;
    case Effect::kBindings:
      operation.bindings_only = true;
      operations_.flush(operation);
      break;
    case Effect::kInvalidate:
      operation.invalidate = registers_.invalidate_operation(access.value);
      operations_.push(operation);
      break;
  }
  note_readiness();
}

void Checker::check_read(const rtl::RegisterAccess& access) {
  namespace ctrl = regs::mmu_ctrl;
  if (access.offset == ctrl::kOffset)
    operations_.has_room_for(ctrl::pri_fifo_space.get(access.value));
  if (access.offset == ctrl::kOffset && ctrl::pri_fifo_empty.get(access.value)) {
    operations_.acknowledged();
    justification_.forget_bindings();
  }
  for (uint32_t i = 0; i < uncertain_.size(); ++i)
    if (access.offset == regs::mmu_fault_buffer_put::offset(i))
      check_put(static_cast<regs::FaultBuffer>(i), access.value);
  const uint32_t mask = comparable(access.offset);
  const uint32_t wanted = registers_.read(access.offset, false);
  if ((access.value & mask) != (wanted & mask))
    complain("register {:#x} reads {:#010x}, not {:#010x}", access.offset, access.value, wanted);
}

/// PUT counts packets that are whole in memory, and all of those soon.
void Checker::check_put(regs::FaultBuffer which, uint32_t value) {
  namespace put = regs::mmu_fault_buffer_put;
  const auto i = std::to_underlying(which);
  if (uncertain_[i]) return;
  const uint32_t is = put::ptr.get(value);
  const uint32_t wanted = put::ptr.get(registers_.buffer(which).put());
  const bool just_now = cycle_ - last_packet_ <= kPutCycles;
  if (is != wanted && !just_now)
    complain("PUT of the {} buffer is {}, not {}", to_string(which), is, wanted);
}

/// The bits of a register that the model knows just now.
uint32_t Checker::comparable(uint32_t offset) const {
  namespace ctrl = regs::mmu_ctrl;
  const bool snapshot =
      offset == regs::mmu_fault_addr_lo::kOffset || offset == regs::mmu_fault_addr_hi::kOffset ||
      offset == regs::mmu_fault_inst_lo::kOffset || offset == regs::mmu_fault_inst_hi::kOffset ||
      offset == regs::mmu_fault_info::kOffset;
  const bool summary =
      offset == regs::mmu_fault_status::kOffset || offset == regs::niso_intr::kOffset;
  const bool uncertain = uncertain_[0] || uncertain_[1];
  uint32_t moving = 0;
  if (operations_.may_have_lost()) moving |= ctrl::pri_fifo_error.mask();
  if (!resting_) moving |= ctrl::pri_fifo_empty.mask() | ctrl::pri_fifo_space.mask();
  if (snapshot) return resting_ && !snapshot_uncertain_ ? kAll : 0;
  if (summary) return resting_ && !snapshot_uncertain_ && !uncertain ? kAll : 0;
  if (offset == ctrl::kOffset) return ~moving;
  for (uint32_t i = 0; i < uncertain_.size(); ++i) {
    const bool pointers = offset == regs::mmu_fault_buffer_get::offset(i) ||
                          offset == regs::mmu_fault_buffer_put::offset(i);
    if (pointers && (!resting_ || uncertain_[i])) return 0;
  }
  return offset == regs::mmu_invalidate::kOffset && !resting_ ? 0 : kAll;
}

}  // namespace faultline::check
