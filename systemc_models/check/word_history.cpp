// SPDX-License-Identifier: MIT
// Values by address.
#include "systemc_models/check/word_history.hpp"

#include <algorithm>

namespace faultline::check {

namespace {

uint64_t key_of(mmu::Aperture aperture, uint64_t address) {
  return address | static_cast<uint64_t>(aperture);
}

}  // namespace

bool WordHistory::add(const rtl::ReadChannel::Read& read, uint64_t cycle) {
  auto& known = words_[key_of(read.aperture, read.address)];
  const auto same = std::ranges::find_if(known, [&read](const Sighting& sighting) {
    return sighting.error == read.error && (read.error || sighting.data == read.data);
  });
  const bool is_new = same == known.end();
  if (!is_new) {
    same->last_read = cycle;
    std::rotate(same, same + 1, known.end());
    return false;
  }
  if (known.size() == kMost) known.erase(known.begin());
  known.push_back({.data = read.data, .error = read.error, .last_read = cycle});
  return true;
}

const std::vector<Sighting>& WordHistory::at(mmu::Aperture aperture, uint64_t address) const {
  static const std::vector<Sighting> kNone;
  const auto found = words_.find(key_of(aperture, address));
  return found == words_.end() ? kNone : found->second;
}

}  // namespace faultline::check
