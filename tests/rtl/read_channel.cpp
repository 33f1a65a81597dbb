// SPDX-License-Identifier: MIT
// An AXI4 memory that answers reads.
#include "tests/rtl/read_channel.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace faultline::rtl::test {

void ReadChannel::set_latency(unsigned least, unsigned most, uint64_t seed) {
  latency_ = [random = std::make_shared<std::mt19937_64>(seed),
              range = std::uniform_int_distribution<unsigned>(least, most)]() mutable {
    return range(*random);
  };
}

void ReadChannel::take_address(unsigned id, mmu::Aperture aperture, uint64_t address) {
  if (address % 16 != 0) throw std::logic_error("a read that is not aligned");
  if (std::ranges::any_of(pending_, [id](const Pending& p) { return p.beat.id == id; }))
    throw std::logic_error("two reads of one id");
  if (observer_) observer_(aperture, address);
  ++reads_;
  Pending read{.due = now_ + latency_(), .aperture = aperture, .address = address, .beat = {}};
  read.beat.id = id;
  read.beat.error =
      !memory_.read(aperture, address, std::as_writable_bytes(std::span(read.beat.data)));
  pending_.push_back(read);
}

const ReadChannel::Beat* ReadChannel::offered() const {
  const auto due =
      std::ranges::find_if(pending_, [this](const Pending& p) { return p.due <= now_; });
  return due == pending_.end() ? nullptr : &due->beat;
}

void ReadChannel::beat_taken() {
  pending_.erase(
      std::ranges::find_if(pending_, [this](const Pending& p) { return p.due <= now_; }));
}

}  // namespace faultline::rtl::test
