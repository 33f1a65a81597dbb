// SPDX-License-Identifier: MIT
// The driver's invalidates.
#include "systemc_models/sanitize/operations.hpp"

#include <ranges>

namespace faultline::sanitize {

void Operations::trigger(const mmu::Invalidate& invalidate, uint64_t now_ns) {
  ++number_;
  floors_.add(invalidate, number_);
  history_.push_back({.invalidate = invalidate, .number = number_, .triggered_ns = now_ns});
  if (history_.size() > kMost) history_.pop_front();
}

void Operations::acknowledge(uint64_t now_ns) {
  for (Operation& operation : history_ | std::views::reverse) {
    if (operation.number <= acknowledged_) break;
    operation.acknowledged_ns = now_ns;
  }
  acknowledged_ = number_;
}

void Operations::clear() { *this = {}; }

bool Operations::covers_page(mmu::SpaceKey space, uint64_t va, unsigned shift,
                             mmu::ClientType client, uint64_t number) const {
  return floors_.of(client).page(space, va, shift) > number;
}

bool Operations::covers_directory(mmu::SpaceKey space, uint64_t va, mmu::Level level,
                                  mmu::ClientType client, uint64_t number) const {
  return floors_.of(client).directory(space, va, level) > number;
}

}  // namespace faultline::sanitize
