// SPDX-License-Identifier: MIT
// Requests in, responses out.
#include "systemc_models/check/checker.hpp"

#include <algorithm>

#include "systemc_models/check/complain.hpp"

namespace faultline::check {

using mmu::Outcome;

Checker::Checker(const rtl::GmmuSizes& sizes, Report report)
    : sizes_(sizes),
      report_(std::move(report)),
      registers_(sizes.default_fault_buffer_entries),
      modes_(registers_.modes()) {}

void Checker::requested(unsigned port, const mmu::Request& request) {
  resting_ = false;
  const Key key(port, static_cast<uint16_t>(request.tag));
  const auto [entry, is_new] = entries_.insert({key, {.request = request, .since = cycle_}});
  if (!is_new) complain("port {}, tag {:#x}: asked again before it was answered", port, key.second);
}

void Checker::responded(unsigned port, const rtl::Response& response) {
  ++answers_;
  const auto found = entries_.find({port, response.tag});
  if (found == entries_.end()) {
    complain("port {}, tag {:#x}: answered, but nothing is asked", port, response.tag);
    return;
  }
  Entry& entry = found->second;
  if (entry.parked) {
    check_late(port, entry, response.answer);
    note_gone(entry, 1);
    entries_.erase(found);
    return;
  }
  check_answer(port, entry, response.answer);
  if (response.answer.outcome == Outcome::kParked) {
    entry.parked = true;
    entry.told = std::max(entry.told, 1u);  // one that found no room counts, too: there is no other
  } else {
    const Outcome outcome = response.answer.outcome;
    note_gone(entry, outcome == Outcome::kFaulted || outcome == Outcome::kDropped ? 1 : 0);
    entries_.erase(found);
  }
}

void Checker::withdrawn(unsigned port, uint16_t tag) {
  resting_ = false;
  const auto found = entries_.find({port, tag});
  if (found == entries_.end()) return;
  note_gone(found->second, 1);
  entries_.erase(found);
}

void Checker::bar1_requested(uint64_t offset, mmu::Access access) {
  resting_ = false;
  bar1_ = Bar1{.offset = offset, .access = access, .since = cycle_};
}

void Checker::memory_read(const rtl::ReadChannel::Read& read) {
  const bool is_new = history_.add(read, cycle_);
  if (is_new || read.id == sizes_.instance_read_id()) justification_.forget_bindings();
}

void Checker::rested() {
  operations_.replay_seen();
  for (auto& [key, entry] : entries_) {
    if (!entry.parked) {
      complain("port {}, tag {:#x}: the RTL rests, and has not answered {}", key.first, key.second,
               text_of(entry.request));
    } else if (entry.told <= operations_.replays_at_least()) {
      check_replayed(entry);
    }
  }
  for (auto& [key, entry] : entries_) {
    entry.told = 1;
    entry.settled = true;
  }
  surplus_.clear();
  allowances_.clear();
  resync();
  operations_.rested();
  justification_.forget_bindings();
  resting_ = true;
  if (pending_ != registers_.interrupts_pending() && !uncertain_[0] && !uncertain_[1] &&
      !snapshot_uncertain_)
    complain("interrupts {:#x} are pending at rest, not {:#x}", pending_,
             registers_.interrupts_pending());
}

/// A parked request of which not every replay told: what it met must have found no room.
void Checker::check_replayed(Entry& entry) {
  // One that came meanwhile need not have been in the list at each replay.
  if (!entry.settled) {
    const auto which = std::to_underlying(buffer_for(entry));
    if (unready_[which] >= entry.since) uncertain_[which] = true;
    return;
  }
  check_fault(entry, {.outcome = Outcome::kParked});
  const auto needed = [this](const Entry& other) {
    return other.settled ? 1 + operations_.replays_at_least() : 1;
  };
  while (take_report_of_twin(entry, needed))
    if (entry.told > operations_.replays_at_least()) return;
  if (!may_have_dropped(buffer_for(entry), fault_floor(entry)))
    complain("{}: a replay left it out", text_of(entry.request));
}

void Checker::interrupt(uint32_t pending, uint32_t rose) {
  if ((rose & ~pending) != 0) complain("interrupts {:#x} rose, but only {:#x} pend", rose, pending);
  pending_ = pending;
}

void Checker::was_reset() {
  history_.clear();
  floors_.clear();
  operations_.clear();
  justification_.forget_bindings();
  registers_ = mmu::Gv100Registers(sizes_.default_fault_buffer_entries);
  modes_ = old_modes_ = registers_.modes();
  entries_.clear();
  surplus_.clear();
  allowances_.clear();
  bar1_.reset();
  half_.reset();
  last_timestamp_ = 0;
  pending_ = 0;
  unready_ = {};
  uncertain_ = {};
  snapshot_uncertain_ = false;
}

}  // namespace faultline::check
