// SPDX-License-Identifier: MIT
// An AXI4 memory that answers reads.
#include "systemc_models/rtl_shell/read_channel.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace faultline::rtl {

void ReadChannel::set_latency(unsigned least, unsigned most, uint64_t seed) {
  latency_ = [random = std::make_shared<std::mt19937_64>(seed),
              range = std::uniform_int_distribution<unsigned>(least, most)]() mutable {
    return range(*random);
  };
}

const ReadChannel::Read& ReadChannel::take_address(unsigned id, mmu::Aperture aperture,
                                                   uint64_t address) {
  if (address % sizeof(Read::data) != 0) throw std::logic_error("a read that is not aligned");
  if (std::ranges::any_of(pending_, [id](const Pending& p) { return p.read.id == id; }))
    throw std::logic_error("two reads of one id");
  ++reads_;
  Read read{.id = id, .aperture = aperture, .address = address};
  read.error = !memory_.read(aperture, address, std::as_writable_bytes(std::span(read.data)));
  pending_.push_back({.due = now_ + latency_(), .read = read});
  return pending_.back().read;
}

const ReadChannel::Read* ReadChannel::offered() const {
  const auto due =
      std::ranges::find_if(pending_, [this](const Pending& p) { return p.due <= now_; });
  return due == pending_.end() ? nullptr : &due->read;
}

void ReadChannel::beat_taken() {
  pending_.erase(
      std::ranges::find_if(pending_, [this](const Pending& p) { return p.due <= now_; }));
}

}  // namespace faultline::rtl
