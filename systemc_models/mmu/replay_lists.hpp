// SPDX-License-Identifier: MIT
// The requests that wait for a replay, one list a uTLB.
#pragma once

#include <cstdint>
#include <vector>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::mmu {

struct Parked {
  Request request;
  regs::FaultType fault_type;
};

class ReplayLists {
 public:
  ReplayLists(unsigned lists, unsigned depth) : depth_(depth), lists_(lists) {}

  unsigned count() const { return static_cast<unsigned>(lists_.size()); }
  bool full(unsigned list) const { return lists_[list].parked.size() >= depth_; }
  /// The list must not be full.
  void park(unsigned list, const Parked& parked) { lists_[list].parked.push_back(parked); }
  bool withdraw(uint64_t tag);
  /// All requests of a list, oldest first; the list is empty after that.
  std::vector<Parked> take(unsigned list);

  /// A client was refused and has to be told once there is room.
  void refuse(unsigned list) { lists_[list].refused = true; }
  /// Lists with room whose clients were refused; each is named once.
  std::vector<unsigned> take_relieved();

  void clear();

 private:
  struct List {
    std::vector<Parked> parked;
    bool refused = false;
  };

  unsigned depth_;
  std::vector<List> lists_;
};

}  // namespace faultline::mmu
