// SPDX-License-Identifier: MIT
// What register writes do to the MMU, and its interrupts.
#include "systemc_models/mmu/gmmu_model.hpp"

namespace faultline::mmu {

void Gmmu::write_register(uint32_t offset, uint32_t value) {
  const Gv100Registers::Written written = registers_.write(offset, value);
  switch (written.effect) {
    case Gv100Registers::Effect::kModes:
      update_modes();
      break;
    case Gv100Registers::Effect::kBindings:
      forget_bindings();
      break;
    case Gv100Registers::Effect::kInvalidate: {
      const Invalidate operation = registers_.invalidate_operation(value);
      if (trace_)
        trace_->invalidate({.operation = value, .pdb = operation.pdb, .va = operation.va});
      invalidate(operation);
      break;
    }
    case Gv100Registers::Effect::kNone:
      break;
  }
  update_interrupts(written.enabled_again);
  deliver();
}

// Levels; a source also counts as risen when it is enabled while it is pending.
void Gmmu::update_interrupts(uint32_t enabled_again) {
  const uint32_t pending = registers_.interrupts_pending();
  const uint32_t rose = pending & (~interrupts_pending_ | enabled_again);
  const bool changed = pending != interrupts_pending_;
  interrupts_pending_ = pending;
  if (changed || rose != 0) notices_.emplace_back(Interrupt{.pending = pending, .rose = rose});
}

// The TLBs hold what pages allow under the old modes.
void Gmmu::update_modes() {
  modes_ = registers_.modes();
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
  registers_ = Gv100Registers(config_.default_fault_buffer_entries);
  lists_.clear();
  notices_.clear();
  statistics_ = {};
  forget_bindings();
  update_modes();
  update_interrupts(0);
  deliver();
}

}  // namespace faultline::mmu
