// SPDX-License-Identifier: MIT
// The TLBs: a uTLB per TPC and RGG, the hub's, and the L2 behind both.
#pragma once

#include <cstdint>
#include <vector>

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/mmu/instance_block.hpp"
#include "systemc_models/mmu/leaf.hpp"
#include "systemc_models/mmu/lru_sets.hpp"
#include "systemc_models/mmu/utlb_map.hpp"

namespace faultline::mmu {

/// The smallest page wins where stale entries of several sizes overlap.
inline Leaf* find_leaf(LruSets<Leaf>& tlb, SpaceKey space, uint64_t va) {
  const auto find = [&](Level size) -> Leaf* {
    return tlb.holds(shift_of(size)) ? tlb.find(space, va, shift_of(size)) : nullptr;
  };
  if (Leaf* const leaf = find(Level::kPte4k)) return leaf;
  if (Leaf* const leaf = find(Level::kPte64k)) return leaf;
  return find(Level::kPde0);
}

/// A first-level TLB. It remembers whom it served last, so that a hit needs no look at the instance
/// cache.
struct FirstLevelTlb {
  explicit FirstLevelTlb(unsigned entries) : leaves(LruSets<Leaf>::of_entries(entries)) {}

  static constexpr uint64_t kNobody = ~uint64_t{0};

  uint64_t last_requester = kNobody;  ///< binding_key()
  Binding last_binding;
  LruSets<Leaf> leaves;
};

class Tlbs {
 public:
  explicit Tlbs(const Config& config)
      : utlbs_per_gpc_(config.utlbs_per_gpc),
        gpcs_(config.gpcs),
        l2_(config.l2_sets, config.l2_ways) {
    for (unsigned i = 0; i < gpcs_ * utlbs_per_gpc_; ++i) first_.emplace_back(config.utlb_entries);
    first_.emplace_back(config.hub_tlb_entries);
  }

  /// GPC g's uTLB u is number g * utlbs_per_gpc + u; the hub TLB follows them. Ids beyond the
  /// configuration wrap around.
  unsigned index_of(const Requester& requester) const {
    if (requester.client_type == ClientType::kHub) return hub();
    const unsigned gpc = requester.gpc < gpcs_ ? requester.gpc : requester.gpc % gpcs_;
    unsigned utlb = kUtlbOfClient[requester.client % kClientIds];
    if (utlb >= utlbs_per_gpc_) utlb %= utlbs_per_gpc_;
    return gpc * utlbs_per_gpc_ + utlb;
  }
  unsigned hub() const { return gpcs_ * utlbs_per_gpc_; }
  uint8_t gpc_of(unsigned index) const { return static_cast<uint8_t>(index / utlbs_per_gpc_); }
  uint8_t utlb_of(unsigned index) const { return static_cast<uint8_t>(index % utlbs_per_gpc_); }

  FirstLevelTlb& first(unsigned index) { return first_[index]; }
  LruSets<Leaf>& l2() { return l2_; }

  /// Whom the first-level TLBs served: to be called when bindings may have changed.
  void forget_bindings() {
    for (FirstLevelTlb& tlb : first_) tlb.last_requester = FirstLevelTlb::kNobody;
  }
  void clear() {
    forget_bindings();
    l2_.clear();
    for (FirstLevelTlb& tlb : first_) tlb.leaves.clear();
  }

 private:
  unsigned utlbs_per_gpc_;
  unsigned gpcs_;
  std::vector<FirstLevelTlb> first_;
  LruSets<Leaf> l2_;
};

}  // namespace faultline::mmu
