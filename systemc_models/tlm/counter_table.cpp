// SPDX-License-Identifier: MIT
// Look-up and replacement.
#include "systemc_models/tlm/counter_table.hpp"

#include <algorithm>

namespace faultline::tlm {

void CounterTable::set_limit(unsigned limit) {
  counters_.assign(limit, {});
  tags_.clear();
}

AccessCounter* CounterTable::touch(const CountedRegion& region) {
  const auto found = tags_.find(region);
  AccessCounter* counter = found == tags_.end() ? take(region) : &counters_[found->second];
  if (counter) counter->used = ++clock_;
  return counter;
}

AccessCounter* CounterTable::take(const CountedRegion& region) {
  const auto oldest = std::ranges::min_element(counters_, {}, &AccessCounter::used);
  if (oldest == counters_.end()) return nullptr;
  if (oldest->used) tags_.erase(oldest->region);
  *oldest = {.region = region};
  tags_[region] = tag_of(*oldest);
  return &*oldest;
}

void CounterTable::clear(uint32_t tag) {
  if (tag >= counters_.size() || !counters_[tag].used) return;
  tags_.erase(counters_[tag].region);
  counters_[tag] = {};
}

}  // namespace faultline::tlm
