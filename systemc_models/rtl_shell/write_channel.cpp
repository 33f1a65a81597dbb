// SPDX-License-Identifier: MIT
// An AXI4 memory that takes writes.
#include "systemc_models/rtl_shell/write_channel.hpp"

#include <stdexcept>
#include <utility>

namespace faultline::rtl {

namespace {

constexpr unsigned kBeatBytes = 16;

}  // namespace

void WriteChannel::take_address(mmu::Aperture aperture, uint64_t address) {
  if (address % kBeatBytes != 0) throw std::logic_error("a write that is not aligned");
  if (!burst_.runs.empty() || response_) throw std::logic_error("two writes at a time");
  burst_.aperture = aperture;
  address_ = address;
}

void WriteChannel::take_beat(const uint32_t* words, uint16_t strobes, bool last) {
  auto& runs = burst_.runs;
  for (unsigned i = 0; i < kBeatBytes; ++i, ++address_) {
    if (!(strobes >> i & 1)) continue;
    if (runs.empty() || runs.back().address + runs.back().bytes.size() != address_)
      runs.push_back({.address = address_, .bytes = {}});
    runs.back().bytes.push_back(static_cast<std::byte>(words[i / 4] >> (i % 4 * 8)));
  }
  complete_ = last;
}

WriteChannel::Burst WriteChannel::carry_out() {
  complete_ = false;
  Burst burst = std::exchange(burst_, {});
  for (const Run& run : burst.runs)
    burst.ok = memory_.write(burst.aperture, run.address, run.bytes) && burst.ok;
  response_ = burst.ok;
  return burst;
}

void WriteChannel::clear() {
  burst_ = {};
  complete_ = false;
  response_.reset();
}

}  // namespace faultline::rtl
