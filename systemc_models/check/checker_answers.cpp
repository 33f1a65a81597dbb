// SPDX-License-Identifier: MIT
// Whether an answer can be right.
#include <algorithm>

#include "systemc_models/check/complain.hpp"

namespace faultline::check {

using mmu::Answer;
using mmu::Outcome;
using regs::FaultType;

namespace {

/// Misses of one page share a walk, so a fault may come from words read a little before the request
/// was taken: a walk's length at most, whatever the memory.
constexpr uint64_t kWalkCycles = 2000;
/// A change of modes meets requests that are on their way.
constexpr uint64_t kModeCycles = 2000;

bool same_translation(const Answer& one, const Answer& other) {
  if (one.outcome != other.outcome) return false;
  if (one.outcome == Outcome::kSparse) return true;
  return one.pa == other.pa && one.aperture == other.aperture && one.peer == other.peer &&
         one.page_shift == other.page_shift && one.vol == other.vol &&
         one.read_only == other.read_only && one.atomic_disable == other.atomic_disable &&
         one.kind == other.kind;
}

std::string text_of(const Answer& answer) {
  return fmt::format("outcome {}: {:#x}, aperture {}, page 2^{}{}{}{}, kind {:#x}, fault {}",
                     static_cast<int>(answer.outcome), answer.pa, static_cast<int>(answer.aperture),
                     answer.page_shift, answer.vol ? ", volatile" : "",
                     answer.read_only ? ", read-only" : "",
                     answer.atomic_disable ? ", no atomics" : "", answer.kind, answer.fault_type);
}

}  // namespace

bool Checker::justifies(const mmu::Request& request, uint64_t since,
                        const std::function<bool(const Justified&)>& wanted) const {
  const uint64_t floor = since - std::min(since, kWalkCycles);
  if (justification_.any(request, modes_, floor, wanted)) return true;
  return since <= modes_changed_ + kModeCycles &&
         justification_.any(request, old_modes_, floor, wanted);
}

void Checker::check_answer(unsigned port, Entry& entry, const Answer& answer) {
  using enum Outcome;
  const bool prefetch = entry.request.access == mmu::Access::kPrefetch;
  switch (answer.outcome) {
    case kTranslated:
    case kSparse:
      return check_translation(entry, answer);
    case kStalled:
      return check_stall(port, entry);
    case kParked:
    case kFaulted:
    case kDropped:
      if ((answer.outcome == kDropped) != prefetch)
        complain("{}: outcome {}", check::text_of(entry.request), static_cast<int>(answer.outcome));
      check_fault(entry, answer);
      return check_silence(entry, static_cast<FaultType>(answer.fault_type));
    case kCancelled:
      return complain("{}: cancelled before it was parked", check::text_of(entry.request));
  }
}

void Checker::check_late(unsigned port, Entry& entry, const Answer& answer) {
  using enum Outcome;
  operations_.replay_seen();
  if (!operations_.replaying_since())
    complain("{}: answered late without a replay", check::text_of(entry.request));
  if (answer.outcome == kTranslated || answer.outcome == kSparse) {
    check_translation(entry, answer);
  } else if (answer.outcome == kCancelled) {
    check_fault(entry, answer);
    check_cancel(port, entry);
    note_untold_cancel();
  } else if (answer.outcome == kFaulted) {
    check_fault(entry, answer);
    check_silence(entry, static_cast<FaultType>(answer.fault_type));
  } else {
    complain("{}: late, {}", check::text_of(entry.request), text_of(answer));
  }
}

void Checker::check_translation(const Entry& entry, const Answer& answer) {
  const bool right = justifies(entry.request, entry.since, [&answer](const Justified& found) {
    const auto* translation = std::get_if<Answer>(&found.resolution);
    return translation && same_translation(*translation, answer);
  });
  if (!right)
    complain("{}: no walk on what was read since the last invalidate gives {}",
             check::text_of(entry.request), text_of(answer));
}

uint64_t Checker::fault_floor(const Entry& entry) const {
  return entry.parked ? operations_.replaying_since().value_or(entry.since) : entry.since;
}

/// Outcome kParked with no type: any fault will do.
void Checker::check_fault(const Entry& entry, const Answer& answer) {
  const bool right = justifies(entry.request, fault_floor(entry), [&](const Justified& found) {
    const auto* type = std::get_if<FaultType>(&found.resolution);
    if (!type) return false;
    if (entry.parked && answer.outcome == Outcome::kParked) return true;
    if (std::to_underlying(*type) != answer.fault_type) return false;
    const bool may_replay = *type != FaultType::kUnboundInstBlock && found.binding &&
                            found.binding->may_replay(entry.request.requester);
    return answer.outcome == Outcome::kDropped || answer.outcome == Outcome::kCancelled ||
           may_replay == (answer.outcome == Outcome::kParked);
  });
  if (!right)
    complain("{}: no walk on what was read since gives {}", check::text_of(entry.request),
             text_of(answer));
}

void Checker::check_stall(unsigned port, const Entry& entry) {
  const auto parked = std::ranges::count_if(entries_, [port](const auto& known) {
    return known.first.first == port && known.second.parked;
  });
  if (static_cast<unsigned>(parked) < sizes_.replay_depth)
    complain("{}: stalled with {} of {} parked", check::text_of(entry.request), parked,
             sizes_.replay_depth);
}

bool Checker::is_cancelled(unsigned port, const mmu::Request& request) const {
  const auto& bindings = justification_.bindings(request.requester);
  return operations_.any_cancels([&](const mmu::Invalidate& operation) {
    const bool same_utlb = sizes_.port_of(operation.cancel_target) == port;
    return std::ranges::any_of(bindings, [&](const SeenBinding& seen) {
      std::optional<mmu::SpaceKey> space;
      if (seen.binding) space = seen.binding->space;
      return operation.cancels(request, space, same_utlb);
    });
  });
}

void Checker::check_cancel(unsigned port, const Entry& entry) {
  if (!is_cancelled(port, entry.request))
    complain("{}: cancelled, which nothing asked for", check::text_of(entry.request));
}

void Checker::bar1_responded(const Answer& answer) {
  if (!bar1_) return complain("BAR1: answered, but nothing is asked");
  const Bar1 asked = *std::exchange(bar1_, {});
  if (registers_.bar_mode(mmu::Bar::k1) == regs::BarMode::kPhysical) {
    if (answer.outcome != Outcome::kTranslated || answer.pa != asked.offset)
      complain("BAR1 at {:#x}: {}", asked.offset, text_of(answer));
    return;
  }
  const auto request = registers_.bar_request(mmu::Bar::k1, asked.offset, asked.access);
  const bool right = justifies(request, asked.since, [&answer](const Justified& found) {
    if (const auto* type = std::get_if<FaultType>(&found.resolution))
      return answer.outcome == Outcome::kFaulted && std::to_underlying(*type) == answer.fault_type;
    return same_translation(std::get<Answer>(found.resolution), answer);
  });
  if (!right) complain("BAR1 at {:#x}: no walk gives {}", asked.offset, text_of(answer));
  if (answer.outcome == Outcome::kFaulted) snapshot_uncertain_ = true;
}

}  // namespace faultline::check
