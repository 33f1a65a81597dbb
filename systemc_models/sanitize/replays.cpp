// SPDX-License-Identifier: MIT
// Counts replays with nothing changed.
#include "systemc_models/sanitize/replays.hpp"

#include <fmt/format.h>

#include "systemc_models/sanitize/text.hpp"

namespace faultline::sanitize {

void Replays::parked(const mmu::Request& request, uint64_t now_ns) {
  parked_.insert_or_assign(request.tag, Parked{.request = request, .parked_ns = now_ns});
}

std::optional<mmu::Request> Replays::ended(uint64_t tag) {
  const auto found = parked_.find(tag);
  if (found == parked_.end()) return {};
  const mmu::Request request = found->second.request;
  parked_.erase(found);
  return request;
}

// A replay that names no address space, or all of them, is for lost packets; cancels serve others.
void Replays::replay(const mmu::Invalidate& operation, uint64_t now_ns) {
  if (operation.all_pdb || operation.scope != mmu::TlbScope::kAll) return;
  if (operation.replay != regs::ReplayOp::kStart &&
      operation.replay != regs::ReplayOp::kStartAckAll)
    return;
  for (auto& [tag, parked] : parked_) {
    const auto binding = walk_.bind(parked.request.requester);
    if (binding && operation.hits_space(binding->space)) replay_one(parked, *binding, now_ns);
  }
}

// Whether the words have changed is all that counts: an entry that now allows the access differs
// from the one that did not.
void Replays::replay_one(Parked& parked, const mmu::Binding& binding, uint64_t now_ns) {
  const Walk walk = walk_.walk(binding, parked.request.va);
  if (walk.path != parked.path) parked.replays_ns.clear();
  parked.path = walk.path;
  const auto* fault = std::get_if<regs::FaultType>(&walk.result);
  if (fault && *fault == regs::FaultType::kRegionViolation) {
    outside_(parked.request, binding, now_ns);
    return;
  }
  if (parked.reported) return;
  parked.replays_ns.push_back(now_ns);
  if (parked.replays_ns.size() < kMost) return;
  parked.reported = true;
  complain(parked, binding, now_ns);
}

void Replays::complain(const Parked& parked, const mmu::Binding& binding, uint64_t now_ns) {
  std::string text = fmt::format("{} was replayed {} times, with nothing changed in its walk",
                                 request_text(parked.request), parked.replays_ns.size());
  text += "\n  the page-table words:";
  for (const Step& step : parked.path.steps())
    text += line(parked.replays_ns.front(),
                 fmt::format("{}, {:#018x}", place_text(step), step.words[0]));
  text += fmt::format("\n  the request, in the {}:", space_text(binding.space));
  text += line(parked.parked_ns, "parked");
  text += line(parked.replays_ns.front(), "first of these replays");
  text += line(now_ns, "latest of these replays");
  report_({.kind = Kind::kFutileReplay, .device_ns = now_ns, .text = std::move(text)});
}

}  // namespace faultline::sanitize
