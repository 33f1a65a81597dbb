// SPDX-License-Identifier: MIT
// Levels in, messages out.
#include "systemc_models/tlm/interrupt_controller.hpp"

#include <algorithm>

namespace faultline::tlm {

namespace {

constexpr const regs::RegisterInfo& kIntr = *find_register(regs::pmc_intr::kOffset);
constexpr const regs::RegisterInfo& kEnabled = *find_register(regs::pmc_intr_en::kOffset);
constexpr const regs::RegisterInfo& kEnable = *find_register(regs::pmc_intr_en_set::kOffset);
constexpr const regs::RegisterInfo& kDisable = *find_register(regs::pmc_intr_en_clear::kOffset);
constexpr const regs::RegisterInfo& kChannels = *find_register(regs::chan_intr::kOffset);

// The wired leaf of the PMC arrays; the others read 0.
constexpr uint32_t kLeaf = 0;

}  // namespace

InterruptController::InterruptController(sc_core::sc_module_name name, MessageSink& sink,
                                         Trace& trace)
    : sc_module(name), hub("hub"), channels("channels"), sink_(sink), trace_(trace) {
  hub.bind(*this);
  channels.bind(*this);
}

void InterruptController::reset() {
  channels_pending_.fill(0);
  hub_pending_ = 0;
  enabled_ = 0;
}

uint32_t InterruptController::pending() const {
  const bool channel = std::ranges::any_of(channels_pending_, [](uint32_t bits) { return bits; });
  uint32_t units = 0;
  units = regs::pmc_intr::pfifo.set(units, channel ? 1u : 0u);
  units = regs::pmc_intr::hub.set(units, hub_pending_ ? 1u : 0u);
  return units;
}

void InterruptController::send() {
  ++messages_;
  if (trace_.is_on()) trace_.event("interrupt", {{"hub", Hex{hub_pending_}}});
  sink_.send_interrupt();
}

void InterruptController::hub_interrupt(uint32_t pending_bits, uint32_t rose) {
  hub_pending_ = pending_bits;
  if (rose && regs::pmc_intr_en::hub.get(enabled_)) send();
}

void InterruptController::channel_interrupt(unsigned channel) {
  uint32_t& word = channels_pending_[channel / 32];
  const uint32_t bit = uint32_t{1} << (channel % 32);
  const bool rises = !(word & bit);
  word |= bit;
  if (rises && regs::pmc_intr_en::pfifo.get(enabled_)) send();
}

/// A source still pending when its enable bit is set interrupts again, enabled before or not.
void InterruptController::enable(uint32_t units) {
  enabled_ |= units;
  if (units & pending()) send();
}

std::optional<uint32_t> InterruptController::read_register(uint32_t offset) {
  if (const auto i = index_in(kIntr, offset)) return *i == kLeaf ? pending() : 0;
  if (const auto i = index_in(kEnabled, offset)) return *i == kLeaf ? enabled_ : 0;
  if (kEnable.covers(offset) || kDisable.covers(offset)) return 0;
  if (const auto w = index_in(kChannels, offset)) return channels_pending_[*w];
  return {};
}

RegisterBlock::Taken InterruptController::write_register(uint32_t offset, uint32_t value) {
  constexpr uint32_t kUnits = regs::pmc_intr::pfifo.mask() | regs::pmc_intr::hub.mask();
  if (kIntr.covers(offset) || kEnabled.covers(offset)) return Taken::kYes;  // RO
  if (const auto i = index_in(kEnable, offset)) {
    if (*i == kLeaf) enable(value & kUnits);
  } else if (const auto j = index_in(kDisable, offset)) {
    if (*j == kLeaf) enabled_ &= ~value;
  } else if (const auto w = index_in(kChannels, offset)) {
    channels_pending_[*w] &= ~value;
  } else {
    return Taken::kNo;
  }
  return Taken::kYes;
}

}  // namespace faultline::tlm
