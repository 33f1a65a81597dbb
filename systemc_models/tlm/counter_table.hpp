// SPDX-License-Identifier: MIT
// The access counters themselves: so many, each for a region of an address space.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::tlm {

/// What a counter is for.
struct CountedRegion {
  mmu::InstancePointer instance{};
  uint64_t number = 0;  ///< the address shifted right by the granularity
  bool operator==(const CountedRegion&) const = default;
};

struct AccessCounter {
  static constexpr uint16_t kMost = 0xffff;  ///< it stays there

  CountedRegion region;
  uint16_t value = 0;
  uint32_t parts = 0;     ///< SUB_GRANULARITY
  bool notified = false;  ///< since it was cleared
  uint64_t used = 0;      ///< when it counted last; 0: it is free
};

/// Full, a new region takes the counter that has not counted for longest.
class CounterTable {
 public:
  static constexpr unsigned kCounters = 1024;
  static constexpr unsigned kBanks = 16;

  /// The first `limit` counters are used from now on; all are cleared.
  void set_limit(unsigned limit);
  /// The counter of the region, null if none may be used. Valid until the next call.
  AccessCounter* touch(const CountedRegion& region);
  uint32_t tag_of(const AccessCounter& counter) const {
    return static_cast<uint32_t>(&counter - counters_.data());
  }
  static uint32_t bank_of(uint32_t tag) { return tag / (kCounters / kBanks); }
  void clear() { set_limit(static_cast<unsigned>(counters_.size())); }
  /// Nothing happens if there is no such counter.
  void clear(uint32_t tag);

 private:
  struct Hash {
    size_t operator()(const CountedRegion& region) const {
      constexpr uint64_t kOdd = 0x9e37'79b9'7f4a'7c15;
      return (region.number ^ region.instance.address) * kOdd >> 20;
    }
  };

  AccessCounter* take(const CountedRegion& region);

  std::vector<AccessCounter> counters_;
  std::unordered_map<CountedRegion, uint32_t, Hash> tags_;
  uint64_t clock_ = 0;
};

}  // namespace faultline::tlm
