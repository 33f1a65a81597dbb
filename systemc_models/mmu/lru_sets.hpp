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
        stride_(std::max((ways_ + kUnrolled - 1) / kUnrolled, 1u) * kUnrolled),
        set_mask_(sets == 0 ? 0 : std::bit_floor(sets) - 1),
        slots_(size_t{stride_} * (set_mask_ + 1)),
        payloads_(slots_.size()) {
    clear();
  }

  bool holds(unsigned shift) const { return count_[shift] != 0; }

  /// The entry that covers `va`; becomes the most recently used of its set. Null: none.
  Payload* find(SpaceKey space, uint64_t va, unsigned shift) {
    const size_t i = index_of(space, va, shift);
    if (i == kNowhere) return nullptr;
    slots_[i].used = ++clock_;
    return &payloads_[i];
  }

  /// Displaces the least recently used entry of the set. The region must not be held.
  void insert(SpaceKey space, uint64_t va, unsigned shift, const Payload& payload) {
    const size_t i = least_recently_used(set_of(space, va, shift));
    Slot& slot = slots_[i];
    if (slot.used == kNoWay) return;
    if (slot.tag == kEmpty)
      ++total_;
    else
      --count_[slot.tag & kShiftMask];
    ++count_[shift];
    slot = {.tag = tag_of(va, shift), .space = space, .used = ++clock_};
    payloads_[i] = payload;
  }

  void erase(SpaceKey space, uint64_t va, unsigned shift) {
    const size_t i = index_of(space, va, shift);
    if (i != kNowhere) drop(slots_[i]);
  }

  /// Drops every entry for which `matches(space, first address, shift)`.
  template <typename Predicate>
  void erase_if(Predicate matches) {
    if (total_ == 0) return;
    for (Slot& slot : slots_) {
      if (slot.tag == kEmpty) continue;
      const auto shift = static_cast<unsigned>(slot.tag & kShiftMask);
      if (matches(slot.space, slot.tag & ~kShiftMask, shift)) drop(slot);
    }
  }

  /// The same by what the entries hold.
  template <typename Predicate>
  void erase_payload_if(Predicate matches) {
    for (size_t i = 0; i < slots_.size(); ++i)
      if (slots_[i].tag != kEmpty && matches(payloads_[i])) drop(slots_[i]);
  }

  void clear() {
    for (size_t i = 0; i < slots_.size(); ++i)
      slots_[i] = {.used = i % stride_ < ways_ ? 0 : kNoWay};
    count_.fill(0);
    total_ = 0;
  }

 private:
  // Regions are 4 KiB or larger, so a tag has room for its shift below the address.
  static constexpr uint64_t kShiftMask = 0xfff;
  static constexpr uint64_t kEmpty = ~uint64_t{0};
  // A set is searched so many slots at a time; those beyond its ways stay empty.
  static constexpr unsigned kUnrolled = 4;
  static constexpr uint64_t kNoWay = ~uint64_t{0};
  static constexpr size_t kNowhere = ~size_t{0};

  // Apart from the payloads: a look-up reads the slots of a set, and one payload.
  struct Slot {
    uint64_t tag = kEmpty;
    SpaceKey space = 0;
    uint64_t used = 0;
  };

  static uint64_t tag_of(uint64_t va, unsigned shift) { return (va >> shift << shift) | shift; }

  size_t set_of(SpaceKey space, uint64_t va, unsigned shift) const {
    const uint64_t hash = (va >> shift) ^ (space >> 12);
    return (hash & set_mask_) * stride_;
  }

  size_t index_of(SpaceKey space, uint64_t va, unsigned shift) const {
    const uint64_t tag = tag_of(va, shift);
    const size_t set = set_of(space, va, shift);
    for (size_t first = set; first < set + stride_; first += kUnrolled) {
#pragma GCC unroll 4
      for (size_t i = first; i < first + kUnrolled; ++i)
        if (slots_[i].tag == tag && slots_[i].space == space) return i;
    }
    return kNowhere;
  }

  size_t least_recently_used(size_t set) const {
    size_t oldest = set;
    for (size_t first = set; first < set + stride_; first += kUnrolled) {
#pragma GCC unroll 4
      for (size_t i = first; i < first + kUnrolled; ++i)
        oldest = slots_[i].used < slots_[oldest].used ? i : oldest;
    }
    return oldest;
  }

  void drop(Slot& slot) {
    if (slot.tag == kEmpty) return;
    --count_[slot.tag & kShiftMask];
    --total_;
    slot = {};
  }

  unsigned ways_;
  unsigned stride_;  ///< slots from one set to the next
  uint64_t set_mask_;
  std::vector<Slot> slots_;
  std::vector<Payload> payloads_;
  std::array<uint32_t, 64> count_{};  ///< entries by shift
  uint32_t total_ = 0;
  uint64_t clock_ = 0;
};

}  // namespace faultline::mmu
