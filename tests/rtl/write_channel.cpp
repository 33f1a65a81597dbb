// SPDX-License-Identifier: MIT
// An AXI4 memory that takes writes.
#include "tests/rtl/write_channel.hpp"

#include <stdexcept>
#include <utility>

namespace faultline::rtl::test {

namespace {

constexpr unsigned kBeatBytes = 16;

}  // namespace

void WriteChannel::take_address(mmu::Aperture aperture, uint64_t address) {
  if (address % kBeatBytes != 0) throw std::logic_error("a write that is not aligned");
  if (!runs_.empty() || response_) throw std::logic_error("two writes at a time");
  aperture_ = aperture;
  address_ = address;
}

void WriteChannel::take_beat(const uint32_t* words, uint16_t strobes, bool last) {
  for (unsigned i = 0; i < kBeatBytes; ++i, ++address_) {
    if (!(strobes >> i & 1)) continue;
    if (runs_.empty() || runs_.back().address + runs_.back().bytes.size() != address_)
      runs_.push_back({.address = address_, .bytes = {}});
    runs_.back().bytes.push_back(static_cast<std::byte>(words[i / 4] >> (i % 4 * 8)));
  }
  complete_ = last;
}

void WriteChannel::carry_out() {
  if (!std::exchange(complete_, false)) return;
  bool all = true;
  for (const Run& run : std::exchange(runs_, {}))
    all = memory_.write(aperture_, run.address, run.bytes) && all;
  response_ = all;
}

}  // namespace faultline::rtl::test
