// SPDX-License-Identifier: MIT
// The requests that wait for a replay.
#include "systemc_models/mmu/replay_lists.hpp"

#include <utility>

namespace faultline::mmu {

bool ReplayLists::withdraw(uint64_t tag) {
  for (List& list : lists_) {
    const auto removed =
        std::erase_if(list.parked, [tag](const Parked& p) { return p.request.tag == tag; });
    if (removed != 0) return true;
  }
  return false;
}

std::vector<Parked> ReplayLists::take(unsigned list) {
  return std::exchange(lists_[list].parked, {});
}

std::vector<unsigned> ReplayLists::take_relieved() {
  std::vector<unsigned> relieved;
  for (unsigned list = 0; list < count(); ++list)
    if (!full(list) && std::exchange(lists_[list].refused, false)) relieved.push_back(list);
  return relieved;
}

void ReplayLists::clear() {
  for (List& list : lists_) list = {};
}

}  // namespace faultline::mmu
