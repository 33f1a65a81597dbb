// SPDX-License-Identifier: MIT
// A finite set-associative cache with least-recently-used replacement, tagged by address space and
// page.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace faultline::mmu {

/// A page-directory base as one word: its 4 KiB aligned address with the aperture in the low bits.
using SpaceKey = uint64_t;

/// Entries cover naturally aligned regions of 2^shift bytes; several shifts live side by side.
template <typename Payload>
class LruSets {
 public:
  /// Four ways where that gives a power of two of sets, else one fully associative set.
  static LruSets of_entries(unsigned entries) {
    constexpr unsigned kWays = 4;
    if (entries % kWays == 0 && std::has_single_bit(entries / kWays))
      return LruSets(entries / kWays, kWays);
    return LruSets(1, entries);
  }

  /// `sets` is rounded down to a power of two. No sets or no ways: nothing is ever kept.
  LruSets(unsigned sets, unsigned ways)
      : ways_(sets == 0 ? 0 : ways),
        set_mask_(sets == 0 ? 0 : std::bit_floor(sets) - 1),
        slots_(size_t{ways_} * (set_mask_ + 1)) {}

  bool holds(unsigned shift) const { return count_[shift] != 0; }

  /// The entry that covers `va`; becomes the most recently used of its set. Null: none.
  Payload* find(SpaceKey space, uint64_t va, unsigned shift) {
    const uint64_t tag = tag_of(va, shift);
    Slot* const set = set_of(space, va, shift);
    for (unsigned way = 0; way < ways_; ++way) {
      Slot& slot = set[way];
      if (slot.tag != tag || slot.space != space) continue;
      slot.used = ++clock_;
      return &slot.payload;
    }
    return nullptr;
  }

  void insert(SpaceKey space, uint64_t va, unsigned shift, const Payload& payload) {
    if (ways_ == 0) return;
    const uint64_t tag = tag_of(va, shift);
    Slot* const set = set_of(space, va, shift);
    Slot* victim = set;
    for (unsigned way = 0; way < ways_; ++way) {
      if (set[way].tag == tag && set[way].space == space) {
        victim = &set[way];
        break;
      }
      if (set[way].used < victim->used) victim = &set[way];
    }
    drop(*victim);
    *victim = {.tag = tag, .space = space, .used = ++clock_, .payload = payload};
    ++count_[shift];
  }

  void erase(SpaceKey space, uint64_t va, unsigned shift) {
    const uint64_t tag = tag_of(va, shift);
    Slot* const set = set_of(space, va, shift);
    for (unsigned way = 0; way < ways_; ++way)
      if (set[way].tag == tag && set[way].space == space) drop(set[way]);
  }

  /// Drops every entry for which `matches(space, first address, shift)`.
  template <typename Predicate>
  void erase_if(Predicate matches) {
    for (Slot& slot : slots_) {
      if (slot.tag == kEmpty) continue;
      const auto shift = static_cast<unsigned>(slot.tag & kShiftMask);
      if (matches(slot.space, slot.tag & ~kShiftMask, shift)) drop(slot);
    }
  }

  /// The same by what the entries hold.
  template <typename Predicate>
  void erase_payload_if(Predicate matches) {
    for (Slot& slot : slots_)
      if (slot.tag != kEmpty && matches(slot.payload)) drop(slot);
  }

  void clear() {
    for (Slot& slot : slots_) slot = {};
    count_.fill(0);
  }

 private:
  // Regions are 4 KiB or larger, so a tag has room for its shift below the address.
  static constexpr uint64_t kShiftMask = 0xfff;
  static constexpr uint64_t kEmpty = ~uint64_t{0};

  struct Slot {
    uint64_t tag = kEmpty;
    SpaceKey space = 0;
    uint64_t used = 0;
    Payload payload{};
  };

  static uint64_t tag_of(uint64_t va, unsigned shift) { return (va >> shift << shift) | shift; }

  Slot* set_of(SpaceKey space, uint64_t va, unsigned shift) {
    const uint64_t hash = (va >> shift) ^ (space >> 12);
    return slots_.data() + (hash & set_mask_) * ways_;
  }

  void drop(Slot& slot) {
    if (slot.tag == kEmpty) return;
    --count_[slot.tag & kShiftMask];
    slot = {};
  }

  unsigned ways_;
  uint64_t set_mask_;
  std::vector<Slot> slots_;
  std::array<uint32_t, 64> count_{};
  uint64_t clock_ = 0;
};

}  // namespace faultline::mmu
