// SPDX-License-Identifier: MIT
// From triggered to done.
#include "systemc_models/check/operation_queue.hpp"

#include <algorithm>

namespace faultline::check {

namespace {

constexpr unsigned kDepth = regs::mmu_ctrl::pri_fifo_space.get(regs::mmu_ctrl::kReset);

}  // namespace

bool OperationQueue::Operation::replays() const {
  return !bindings_only && invalidate.scope == mmu::TlbScope::kAll &&
         invalidate.replay != regs::ReplayOp::kNone;
}

void OperationQueue::push(const Operation& operation) {
  queued_.push_back(operation);
  queued_.back().may_be_lost = waiting_ >= kDepth;
  may_have_lost_ = may_have_lost_ || queued_.back().may_be_lost;
  waiting_ = std::min(waiting_ + 1, kDepth);
}

void OperationQueue::has_room_for(unsigned operations) { waiting_ = kDepth - operations; }

void OperationQueue::apply(const Operation& operation) {
  if (operation.may_be_lost) {
    // Whoever relies on it cannot be blamed; nor can whoever does without.
  } else if (operation.bindings_only) {
    floors_.add_bindings(operation.triggered);
  } else {
    floors_.add(operation.invalidate, operation.triggered);
  }
  if (operation.replays()) running_.push_back(operation);
}

void OperationQueue::acknowledged() {
  for (const Operation& operation : queued_) apply(operation);
  queued_.clear();
  waiting_ = 0;
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
  waiting_ = 0;
  may_have_lost_ = false;
}

bool OperationQueue::any_cancels(const std::function<bool(const mmu::Invalidate&)>& cancels) const {
  const auto asks = [&cancels](const Operation& operation) {
    return operation.replays() && cancels(operation.invalidate);
  };
  return std::ranges::any_of(running_, asks) || std::ranges::any_of(queued_, asks);
}

unsigned OperationQueue::count(const std::function<bool(const Operation&)>& counts) const {
  return static_cast<unsigned>(std::ranges::count_if(running_, counts) +
                               std::ranges::count_if(queued_, counts));
}

unsigned OperationQueue::replays_at_most() const {
  return count([](const Operation& operation) { return operation.replays(); });
}

unsigned OperationQueue::replays_at_least() const {
  return count(
      [](const Operation& operation) { return operation.replays() && !operation.may_be_lost; });
}

std::optional<uint64_t> OperationQueue::replaying_since() const {
  const auto is_replay = [](const Operation& operation) { return operation.replays(); };
  if (!running_.empty()) return running_.front().triggered;
  const auto queued = std::ranges::find_if(queued_, is_replay);
  if (queued == queued_.end()) return {};
  return queued->triggered;
}

}  // namespace faultline::check
