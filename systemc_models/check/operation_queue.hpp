// SPDX-License-Identifier: MIT
// Invalidates that software has triggered, until they are known to be done.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "systemc_models/check/invalidate_floors.hpp"
#include "systemc_models/mmu/invalidate.hpp"

namespace faultline::check {

/// They are carried out in order; what the registers themselves want flushed may come earlier, and
/// needs no room. Whether one that came when there may have been no room was lost is not known.
class OperationQueue {
 public:
  struct Operation {
    mmu::Invalidate invalidate;
    bool bindings_only = false;
    uint64_t triggered = 0;  ///< cycle
    bool may_be_lost = false;

    bool replays() const;
  };

  explicit OperationQueue(InvalidateFloors& floors) : floors_(floors) {}

  /// What the registers want flushed.
  void flush(const Operation& operation) { queued_.push_back(operation); }
  /// What software triggered.
  void push(const Operation& operation);
  /// Software was told how many more there is room for.
  void has_room_for(unsigned operations);
  /// An operation may have been lost since the last forget_losses().
  bool may_have_lost() const { return may_have_lost_; }
  void forget_losses() { may_have_lost_ = false; }
  /// Software was told that the caches of all of them are done.
  void acknowledged();
  /// A parked request was translated again: the first of them with a replay has done its caches.
  void replay_seen();
  /// Nothing is on its way any more.
  void rested();
  void clear();

  bool any_cancels(const std::function<bool(const mmu::Invalidate&)>& cancels) const;
  /// How many replays may be going on or have been since the last rest.
  unsigned replays_at_most() const;
  /// The same, without those that may have been lost.
  unsigned replays_at_least() const;
  /// Since when a replay may have been going on; nothing: none is.
  std::optional<uint64_t> replaying_since() const;

 private:
  void apply(const Operation& operation);
  unsigned count(const std::function<bool(const Operation&)>& counts) const;

  InvalidateFloors& floors_;
  std::deque<Operation> queued_;
  std::vector<Operation> running_;  // their caches are done, their replays perhaps not
  unsigned waiting_ = 0;            // of those that software triggered, at most
  bool may_have_lost_ = false;
};

}  // namespace faultline::check
