// SPDX-License-Identifier: MIT
// From the seam to those who judge.
#include "systemc_models/sanitize/sanitizer.hpp"

namespace faultline::sanitize {

using Effect = mmu::Gv100Registers::Effect;

namespace {

/// A change of the modes flushes like this.
mmu::Invalidate everything() {
  mmu::Invalidate operation;
  operation.all_va = operation.all_pdb = true;
  return operation;
}

}  // namespace

Sanitizer::Sanitizer(mmu::Memory& memory, mmu::Clock& clock, unsigned default_fault_buffer_entries,
                     Report report)
    : clock_(clock),
      default_fault_buffer_entries_(default_fault_buffer_entries),
      registers_(default_fault_buffer_entries),
      modes_(registers_.modes()),
      walk_(memory),
      translations_(memory, walk_, operations_, report),
      packets_(memory, report),
      replays_(walk_, report,
               [this](const mmu::Request& request, const mmu::Binding& binding, uint64_t now_ns) {
                 translations_.walked_outside(request, binding, now_ns);
               }) {}

void Sanitizer::translated(const mmu::Request& request, const mmu::Answer& answer) {
  using enum mmu::Outcome;
  if (modes_.mmu_disable) return;
  const bool is_parked = answer.outcome == kParked;
  if (is_parked) replays_.parked(request, clock_.now_ns());
  const bool is_outside =
      (is_parked || answer.outcome == kFaulted) &&
      answer.fault_type == static_cast<uint8_t>(regs::FaultType::kRegionViolation);
  if (answer.outcome != kTranslated && !is_outside) return;
  const auto binding = walk_.bind(request.requester);
  if (!binding) return;
  if (is_outside) {
    translations_.walked_outside(request, *binding, clock_.now_ns());
  } else {
    translations_.used({.request = request,
                        .answer = answer,
                        .binding = *binding,
                        .strong_atomics = modes_.strong_atomics,
                        .now_ns = clock_.now_ns()});
  }
}

void Sanitizer::answered(uint64_t tag, const mmu::Answer& answer) {
  if (const auto request = replays_.ended(tag)) translated(*request, answer);
}

void Sanitizer::register_written(uint32_t offset, uint32_t value) {
  for (const auto which : {regs::FaultBuffer::kNonReplayable, regs::FaultBuffer::kReplayable})
    if (offset == regs::mmu_fault_buffer_get::offset(std::to_underlying(which)))
      packets_.check(registers_, which, value, clock_.now_ns());
  switch (registers_.write(offset, value).effect) {
    case Effect::kNone:
      break;
    case Effect::kModes:
      modes_ = registers_.modes();
      invalidate(everything());
      break;
    case Effect::kBindings:
      walk_.forget_bindings();
      break;
    case Effect::kInvalidate:
      invalidate(registers_.invalidate_operation(value));
      break;
  }
}

void Sanitizer::invalidate(const mmu::Invalidate& operation) {
  const uint64_t now_ns = clock_.now_ns();
  operations_.trigger(operation, now_ns);
  if (operation.drops_bindings()) walk_.forget_bindings();
  translations_.forget(operation);
  if (operation.replay != regs::ReplayOp::kNone) replays_.replay(operation, now_ns);
}

void Sanitizer::register_read(uint32_t offset, uint32_t value) {
  if (offset == regs::mmu_ctrl::kOffset && regs::mmu_ctrl::pri_fifo_empty.get(value))
    operations_.acknowledge(clock_.now_ns());
}

void Sanitizer::was_reset() {
  registers_ = mmu::Gv100Registers(default_fault_buffer_entries_);
  modes_ = registers_.modes();
  walk_.forget_bindings();
  operations_.clear();
  translations_.clear();
  replays_.clear();
}

}  // namespace faultline::sanitize
