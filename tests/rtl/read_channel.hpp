// SPDX-License-Identifier: MIT
// An AXI4 memory that answers reads after a while, in or out of order.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::rtl::test {

class ReadChannel {
 public:
  struct Beat {
    unsigned id = 0;
    std::array<uint32_t, 4> data{};
    bool error = false;
  };

  explicit ReadChannel(mmu::Memory& memory) : memory_(memory) {}

  /// Cycles from an address to its data: at least one.
  void set_latency(unsigned cycles) {
    latency_ = [cycles] { return cycles; };
  }
  /// Each read takes from `least` to `most` cycles, so reads of different ids overtake each other.
  void set_latency(unsigned least, unsigned most, uint64_t seed);
  /// Called with each address that is read.
  void observe(std::function<void(mmu::Aperture, uint64_t)> observer) {
    observer_ = std::move(observer);
  }

  void take_address(unsigned id, mmu::Aperture aperture, uint64_t address);
  /// The beat to offer in this cycle; null: none.
  const Beat* offered() const;
  void beat_taken();
  void end_cycle() { ++now_; }

  uint64_t reads() const { return reads_; }

 private:
  struct Pending {
    uint64_t due;
    mmu::Aperture aperture;
    uint64_t address;
    Beat beat;
  };

  mmu::Memory& memory_;
  std::function<unsigned()> latency_ = [] { return 1u; };
  std::function<void(mmu::Aperture, uint64_t)> observer_;
  std::vector<Pending> pending_;
  uint64_t now_ = 0;
  uint64_t reads_ = 0;
};

}  // namespace faultline::rtl::test
