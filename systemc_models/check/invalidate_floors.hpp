// SPDX-License-Identifier: MIT
// Since when a word must have been read for what depends on it to be still in use.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <unordered_map>

#include "systemc_models/mmu/invalidate.hpp"

namespace faultline::check {

/// Of one kind of cached entry: which invalidates hit the entry for an address, and the latest of
/// their cycles. Not a list of all invalidates, since a guest makes many.
class RegionFloors {
 public:
  void add(const mmu::Invalidate& operation, uint64_t cycle);
  /// For an entry of 1 << `shift` bytes.
  uint64_t floor(mmu::SpaceKey space, uint64_t va, unsigned shift) const;
  void clear();

 private:
  using Floors = std::unordered_map<uint64_t, uint64_t>;

  uint64_t in_space(uint64_t space, uint64_t va, unsigned shift) const;

  Floors whole_;                              // by space
  std::unordered_map<uint64_t, Floors> own_;  // of regions, by size and space, then by number
  // By size of the entries hit, for regions that are not larger.
  std::unordered_map<uint64_t, Floors> covering_;
  std::set<unsigned> sizes_;
};

/// What a TLB of clients of one type depends on.
class ClientFloors {
 public:
  void add(const mmu::Invalidate& operation, uint64_t cycle);
  uint64_t page(mmu::SpaceKey space, uint64_t va, unsigned shift) const;
  /// Of a directory entry used for the page of `va`: an invalidate that hits the entry, but not the
  /// page, leaves what was translated through it.
  uint64_t directory(mmu::SpaceKey space, uint64_t va, mmu::Level level) const;

 private:
  RegionFloors pages_;
  std::unordered_map<unsigned, RegionFloors> directories_;  // by shift
};

/// A request sees what was read after each of the invalidates given here.
class InvalidateFloors {
 public:
  /// `cycle`: when the operation was triggered.
  void add(const mmu::Invalidate& operation, uint64_t cycle);
  /// All bindings go: MMU_BIND, BARn_BLOCK.
  void add_bindings(uint64_t cycle) { all_bindings_ = cycle; }

  const ClientFloors& of(mmu::ClientType client) const {
    return client == mmu::ClientType::kHub ? hub_ : gpc_;
  }
  uint64_t binding(mmu::SpaceKey space) const;
  void clear();

 private:
  ClientFloors gpc_;
  ClientFloors hub_;
  RegionFloors space_bindings_;
  uint64_t all_bindings_ = 0;
};

}  // namespace faultline::check
