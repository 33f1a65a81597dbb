// SPDX-License-Identifier: MIT
// The registers of the GV100 front end, and its part of the interrupt tree (pri_mmu_hub).
#include "systemc_models/mmu/gmmu_model.hpp"

namespace faultline::mmu {

using BufferId = regs::FaultBuffer;

uint32_t Gmmu::read_register(uint32_t offset) const {
  for (uint32_t i = 0; i < buffers_.size(); ++i) {
    if (offset == regs::mmu_fault_buffer_lo::offset(i)) return buffers_[i].lo();
    if (offset == regs::mmu_fault_buffer_hi::offset(i)) return buffers_[i].hi();
    if (offset == regs::mmu_fault_buffer_get::offset(i)) return buffers_[i].get();
    if (offset == regs::mmu_fault_buffer_put::offset(i)) return buffers_[i].put();
    if (offset == regs::mmu_fault_buffer_size::offset(i)) return buffers_[i].size();
  }
  switch (offset) {
    case regs::mmu_fault_addr_lo::kOffset:
      return snapshot_.addr_lo();
    case regs::mmu_fault_addr_hi::kOffset:
      return snapshot_.addr_hi();
    case regs::mmu_fault_inst_lo::kOffset:
      return snapshot_.inst_lo();
    case regs::mmu_fault_inst_hi::kOffset:
      return snapshot_.inst_hi();
    case regs::mmu_fault_info::kOffset:
      return snapshot_.info();
    case regs::mmu_fault_status::kOffset:
      return fault_status();
    case regs::niso_intr::kOffset:
      return niso_pending();
    case regs::niso_intr_en::kOffset:
      return interrupts_enabled_;
    default:
      return registers_.read(offset);
  }
}

void Gmmu::write_register(uint32_t offset, uint32_t value) {
  registers_.write(offset, value);
  uint32_t enabled_again = 0;
  const uint32_t stored = registers_.read(offset);
  for (uint32_t i = 0; i < buffers_.size(); ++i) {
    if (offset == regs::mmu_fault_buffer_lo::offset(i)) buffers_[i].write_lo(stored);
    if (offset == regs::mmu_fault_buffer_hi::offset(i)) buffers_[i].write_hi(stored);
    if (offset == regs::mmu_fault_buffer_get::offset(i)) buffers_[i].write_get(value);
    if (offset == regs::mmu_fault_buffer_size::offset(i)) buffers_[i].write_size(stored);
  }
  switch (offset) {
    case regs::mmu_fault_status::kOffset:
      snapshot_.write_status(value);
      break;
    case regs::niso_intr_en_set::kOffset:
      enabled_again = value & kNisoSources;
      interrupts_enabled_ |= enabled_again;
      break;
    case regs::niso_intr_en_clr::kOffset:
      interrupts_enabled_ &= ~value;
      break;
    case regs::mmu_ctrl::kOffset:
      update_modes();
      break;
    case regs::bar1_block::kOffset:
    case regs::bar2_block::kOffset:
      forget_bindings();
      break;
    case regs::mmu_bind::kOffset:
      if (regs::mmu_bind::trigger.get(value)) forget_bindings();
      break;
    case regs::mmu_invalidate::kOffset:
      if (regs::mmu_invalidate::trigger.get(value)) invalidate(invalidate_operation(value));
      break;
    default:
      break;
  }
  update_interrupts(enabled_again);
  deliver();
}

Invalidate Gmmu::invalidate_operation(uint32_t word) const {
  namespace op = regs::mmu_invalidate;
  namespace vaddr = regs::mmu_invalidate_vaddr;
  namespace pdb = regs::mmu_invalidate_pdb;
  const uint32_t pdb_word = registers_.read(pdb::kOffset);
  const uint64_t va_page = vaddr::bits.get(registers_.read(vaddr::kOffset)) |
                           uint64_t{registers_.read(regs::mmu_invalidate_upper_vaddr::kOffset)}
                               << vaddr::bits.kWidth;
  const uint64_t pdb_page =
      pdb::addr.get(pdb_word) | uint64_t{registers_.read(regs::mmu_invalidate_upper_pdb::kOffset)}
                                    << pdb::addr.kWidth;

  Invalidate operation;
  operation.all_va = op::all_va.get(word) != 0;
  operation.all_pdb = op::all_pdb.get(word) != 0;
  operation.scope = op::hubtlb_only.get(word) ? TlbScope::kHubOnly : TlbScope::kAll;
  operation.va = va_page << vaddr::kBitsAlignment;
  if (op::use_size.get(word))
    operation.size_shift += registers_.read(regs::mmu_invalidate_size::kOffset);
  operation.pdb = pdb_page << pdb::kAddrAlignment;
  operation.pdb_in_sysmem = pdb::aperture.decode(pdb_word) == regs::InvalidatePdbAperture::kSysMem;
  operation.replay = op::replay.decode(word);
  // CANCEL_VA_GLOBAL has no level: the bits are its class of access.
  if (operation.replay == regs::ReplayOp::kCancelVaGlobal)
    operation.cancel_access = op::cancel_access.decode(word);
  else
    operation.level = op::cache_level.decode(word);
  operation.cancel_target.client_type = static_cast<ClientType>(op::cancel_client_type.get(word));
  operation.cancel_target.client = static_cast<uint8_t>(op::cancel_client_id.get(word));
  operation.cancel_target.gpc = static_cast<uint8_t>(op::cancel_gpc_id.get(word));
  if (trace_) trace_->invalidate({.operation = word, .pdb = operation.pdb, .va = operation.va});
  return operation;
}

uint32_t Gmmu::fault_status() const {
  using namespace regs::mmu_fault_status;
  const FaultBuffer& replays = buffer(BufferId::kReplayable);
  const FaultBuffer& others = buffer(BufferId::kNonReplayable);
  uint32_t word = snapshot_.status();
  word = replayable.set(word, replays.pending());
  word = non_replayable.set(word, others.pending());
  word = replayable_error.set(word, replays.error());
  word = non_replayable_error.set(word, others.error());
  word = replayable_overflow.set(word, replays.overflow());
  word = non_replayable_overflow.set(word, others.overflow());
  word = replayable_getptr_corrupted.set(word, replays.getptr_corrupted());
  word = non_replayable_getptr_corrupted.set(word, others.getptr_corrupted());
  return busy.set(word, busy_);
}

// The non-replayable buffer's notify is withheld while its overflow interrupts.
uint32_t Gmmu::niso_pending() const {
  using namespace regs::niso_intr;
  const FaultBuffer& replays = buffer(BufferId::kReplayable);
  const FaultBuffer& others = buffer(BufferId::kNonReplayable);
  uint32_t word = mmu_replayable_fault_notify.set(0, replays.pending());
  word = mmu_replayable_fault_overflow.set(word, replays.overflow_interrupt());
  word = mmu_nonreplayable_fault_notify.set(word, others.pending() && !others.overflow_interrupt());
  word = mmu_nonreplayable_fault_overflow.set(word, others.overflow_interrupt());
  return mmu_other_fault_notify.set(word, snapshot_.valid());
}

// Levels; a source also counts as risen when it is enabled while it is pending.
void Gmmu::update_interrupts(uint32_t enabled_again) {
  const uint32_t pending = niso_pending() & interrupts_enabled_;
  const uint32_t rose = pending & (~interrupts_pending_ | enabled_again);
  const bool changed = pending != interrupts_pending_;
  interrupts_pending_ = pending;
  if (changed || rose != 0) notices_.emplace_back(Interrupt{.pending = pending, .rose = rose});
}

// The TLBs hold what pages allow under the old modes.
void Gmmu::update_modes() {
  namespace ctrl = regs::mmu_ctrl;
  const uint32_t word = registers_.read(ctrl::kOffset);
  modes_ = {.mmu_disable = ctrl::mmu_disable.get(word) != 0,
            .strong_atomics = ctrl::strong_bit_override_atomic_disable.get(word)
                                  ? StrongAtomics::kOverride
                                  : StrongAtomics::kChecked,
            .keeps_pages = ctrl::cache_mode.decode(word) != regs::CacheMode::kOff,
            .keeps_directories = ctrl::pde_cache_mode.decode(word) != regs::CacheMode::kOff};
  tlbs_.clear();
  walker_.pde_cache().clear();
  update_slow();
}

void Gmmu::update_slow() { slow_ = trace_ != nullptr || modes_.mmu_disable; }

void Gmmu::forget_bindings() {
  instances_.clear();
  tlbs_.forget_bindings();
}

void Gmmu::set_trace(Trace* trace) {
  trace_ = trace;
  walker_.set_trace(trace);
  update_slow();
}

void Gmmu::reset() {
  registers_.reset();
  buffers_.fill(FaultBuffer(config_.default_fault_buffer_entries));
  snapshot_ = {};
  lists_.clear();
  notices_.clear();
  statistics_ = {};
  interrupts_enabled_ = 0;
  forget_bindings();
  update_modes();
  update_interrupts(0);
  deliver();
}

}  // namespace faultline::mmu
