// SPDX-License-Identifier: MIT
// Invalidate, replay, cancel, and what the clients hear of it.
#include <utility>

#include "systemc_models/mmu/gmmu_model.hpp"

namespace faultline::mmu {

using regs::FaultType;
using regs::ReplayOp;

void Gmmu::invalidate(const Invalidate& operation) {
  ++statistics_.invalidates;
  invalidate_tlbs(operation);
  if (operation.scope == TlbScope::kAll && operation.replay != ReplayOp::kNone) replay(operation);
}

// The hub's own caches always; those of the GPCs unless HUBTLB_ONLY.
void Gmmu::invalidate_tlbs(const Invalidate& operation) {
  const auto hit = [&operation](SpaceKey space, uint64_t first, unsigned shift) {
    return operation.hits(space, first, shift);
  };
  const unsigned first = operation.scope == TlbScope::kAll ? 0 : tlbs_.hub();
  for (unsigned tlb = first; tlb <= tlbs_.hub(); ++tlb) tlbs_.first(tlb).leaves.erase_if(hit);
  tlbs_.l2().erase_if(hit);

  const unsigned limit = operation.directory_limit();
  if (limit != 0) {
    walker_.pde_cache().erase_if([&](SpaceKey space, uint64_t va, unsigned shift) {
      return shift <= limit && operation.hits(space, va, shift);
    });
  }
  if (operation.drops_bindings()) {
    instances_.drop_spaces([&](SpaceKey space) { return operation.hits_space(space); });
    tlbs_.forget_bindings();
  }
}

// Everything is translated again before the invalidate counts as done, so START and START_ACK_ALL
// differ in nothing that software could see.
void Gmmu::replay(const Invalidate& operation) {
  cancel_reported_ = false;
  for (unsigned list = 0; list < lists_.count(); ++list)
    for (const Parked& parked : lists_.take(list)) replay_one(operation, list, parked);
  announce_space();
}

void Gmmu::replay_one(const Invalidate& operation, unsigned list, const Parked& parked) {
  const Request& request = parked.request;
  ++statistics_.replays;
  if (trace_) trace_->replayed(request);
  const Resolution resolution = resolve(request, list);
  if (const auto* answer = std::get_if<Answer>(&resolution))
    answer_later(request.tag, *answer);
  else
    refault(operation, list, request, std::get<FaultType>(resolution));
}

void Gmmu::refault(const Invalidate& operation, unsigned list, const Request& request,
                   FaultType type) {
  ++statistics_.faults;
  FaultRecord record = record_of(request, type);
  if (is_cancelled(operation, list, request)) return cancel(request, record);
  record.replayable = is_replayable(request, type);
  if (record.replayable) {
    lists_.park(list, {.request = request, .fault_type = type});
    return report(record, regs::FaultBuffer::kReplayable);
  }
  report(record, regs::FaultBuffer::kNonReplayable);
  answer_later(request.tag,
               {.outcome = Outcome::kFaulted, .fault_type = static_cast<uint8_t>(type)});
}

// The first fault of a cancel is reported as non-replayable, the others are only discarded
// (dev_pbdma, MEM_OP, CANCEL_TARGETED).
void Gmmu::cancel(const Request& request, const FaultRecord& record) {
  ++statistics_.cancels;
  if (trace_) trace_->cancelled(request);
  if (!std::exchange(cancel_reported_, true)) report(record, regs::FaultBuffer::kNonReplayable);
  answer_later(request.tag,
               {.outcome = Outcome::kCancelled, .fault_type = static_cast<uint8_t>(record.type)});
}

bool Gmmu::is_cancelled(const Invalidate& operation, unsigned list, const Request& request) {
  const Requester& requester = request.requester;
  const auto binding = instances_.bind(requester.instance, requester.engine_id);
  std::optional<SpaceKey> space;
  if (binding) space = binding->space;
  return operation.cancels(request, space, tlbs_.index_of(operation.cancel_target) == list);
}

void Gmmu::abandon(uint64_t tag) {
  std::erase_if(notices_, [tag](const Notice& notice) {
    const auto* answered = std::get_if<Answered>(&notice);
    return answered && answered->tag == tag;
  });
  if (lists_.withdraw(tag)) announce_space();
  deliver();
}

void Gmmu::answer_later(uint64_t tag, const Answer& answer) {
  notices_.emplace_back(Answered{.tag = tag, .answer = answer});
}

void Gmmu::announce_space() {
  for (const unsigned list : lists_.take_relieved()) notices_.emplace_back(Space{.list = list});
}

void Gmmu::deliver() {
  if (delivering_) return;
  delivering_ = true;
  while (!notices_.empty()) {
    const Notice notice = notices_.front();
    notices_.pop_front();
    deliver_one(notice);
  }
  delivering_ = false;
}

void Gmmu::deliver_one(const Notice& notice) {
  if (const auto* answered = std::get_if<Answered>(&notice)) {
    if (trace_) trace_->answered(answered->tag, answered->answer);
    listener_.answered(answered->tag, answered->answer);
  } else if (const auto* space = std::get_if<Space>(&notice)) {
    listener_.space(tlbs_.gpc_of(space->list), tlbs_.utlb_of(space->list));
  } else if (const auto* interrupt = std::get_if<Interrupt>(&notice)) {
    if (trace_) trace_->interrupt(interrupt->pending, interrupt->rose);
    listener_.interrupt(interrupt->pending, interrupt->rose);
  }
}

}  // namespace faultline::mmu
