// SPDX-License-Identifier: MIT
// The driver's invalidates: when each was triggered and acknowledged, and what they cover.
#pragma once

#include <cstdint>
#include <deque>

#include "systemc_models/check/invalidate_floors.hpp"
#include "systemc_models/mmu/invalidate.hpp"

namespace faultline::sanitize {

struct Operation {
  mmu::Invalidate invalidate;
  uint64_t number = 0;
  uint64_t triggered_ns = 0;
  uint64_t acknowledged_ns = 0;  ///< 0: not yet

  bool replays() const { return invalidate.replay != regs::ReplayOp::kNone; }
};

class Operations {
 public:
  void trigger(const mmu::Invalidate& invalidate, uint64_t now_ns);
  /// Software was told that all of them are done.
  void acknowledge(uint64_t now_ns);
  void clear();

  /// Of the latest; the first has number 1.
  uint64_t latest() const { return number_; }
  /// Since operation `number`, has one made the MMU forget the page of 1 << `shift` bytes at `va`?
  bool covers_page(mmu::SpaceKey space, uint64_t va, unsigned shift, mmu::ClientType client,
                   uint64_t number) const;
  /// The same of what depends on the directory entry of `level` for `va`.
  bool covers_directory(mmu::SpaceKey space, uint64_t va, mmu::Level level, mmu::ClientType client,
                        uint64_t number) const;
  /// The latest ones, oldest first.
  const std::deque<Operation>& history() const { return history_; }

 private:
  static constexpr size_t kMost = 1024;

  check::InvalidateFloors floors_;  // in numbers of operations
  std::deque<Operation> history_;
  uint64_t number_ = 0;
  uint64_t acknowledged_ = 0;
};

}  // namespace faultline::sanitize
