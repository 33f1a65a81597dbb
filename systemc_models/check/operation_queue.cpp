// SPDX-License-Identifier: MIT
// From triggered to done.
#include "systemc_models/check/operation_queue.hpp"

#include <algorithm>

namespace faultline::check {

bool OperationQueue::Operation::replays() const {
  return !bindings_only && invalidate.scope == mmu::TlbScope::kAll &&
         invalidate.replay != regs::ReplayOp::kNone;
}

void OperationQueue::apply(const Operation& operation) {
  if (operation.bindings_only) {
    floors_.add_bindings(operation.triggered);
  } else {
    floors_.add(operation.invalidate, operation.triggered);
  }
  if (operation.replays()) running_.push_back(operation);
}

void OperationQueue::acknowledged() {
  for (const Operation& operation : queued_) apply(operation);
  queued_.clear();
}

void OperationQueue::replay_seen() {
  const auto is_replay = [](const Operation& operation) { return operation.replays(); };
  if (std::ranges::any_of(running_, is_replay) || std::ranges::none_of(queued_, is_replay)) return;
  for (bool done = false; !done; queued_.pop_front()) {
    done = queued_.front().replays();
    apply(queued_.front());
  }
}

void OperationQueue::rested() {
  acknowledged();
  running_.clear();
}

void OperationQueue::clear() {
  queued_.clear();
  running_.clear();
}

bool OperationQueue::any_cancels(const std::function<bool(const mmu::Invalidate&)>& cancels) const {
  const auto asks = [&cancels](const Operation& operation) {
    return operation.replays() && cancels(operation.invalidate);
  };
  return std::ranges::any_of(running_, asks) || std::ranges::any_of(queued_, asks);
}

unsigned OperationQueue::replays() const {
  const auto is_replay = [](const Operation& operation) { return operation.replays(); };
  return static_cast<unsigned>(running_.size()) +
         static_cast<unsigned>(std::ranges::count_if(queued_, is_replay));
}

std::optional<uint64_t> OperationQueue::replaying_since() const {
  const auto is_replay = [](const Operation& operation) { return operation.replays(); };
  if (!running_.empty()) return running_.front().triggered;
  const auto queued = std::ranges::find_if(queued_, is_replay);
  if (queued == queued_.end()) return {};
  return queued->triggered;
}

}  // namespace faultline::check
