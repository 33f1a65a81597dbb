// SPDX-License-Identifier: MIT
// An AXI4 memory that answers reads after a while, in or out of order.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::rtl {

class ReadChannel {
 public:
  struct Read {
    unsigned id = 0;
    mmu::Aperture aperture{};
    uint64_t address = 0;  ///< 16-byte aligned
    std::array<uint32_t, 4> data{};
    bool error = false;  ///< no memory answers there
  };

  explicit ReadChannel(mmu::Memory& memory) : memory_(memory) {}

  /// Cycles from an address to its data: at least one.
  void set_latency(unsigned cycles) {
    latency_ = [cycles] { return cycles; };
  }
  /// Each read takes from `least` to `most` cycles, so reads of different ids overtake each other.
  void set_latency(unsigned least, unsigned most, uint64_t seed);

  /// Looks at the memory at once.
  const Read& take_address(unsigned id, mmu::Aperture aperture, uint64_t address);
  /// The beat to offer in this cycle; null: none.
  const Read* offered() const;
  void beat_taken();
  void end_cycle() { ++now_; }
  void clear() { pending_.clear(); }

  uint64_t reads() const { return reads_; }

 private:
  struct Pending {
    uint64_t due;
    Read read;
  };

  mmu::Memory& memory_;
  std::function<unsigned()> latency_ = [] { return 1u; };
  std::vector<Pending> pending_;
  uint64_t now_ = 0;
  uint64_t reads_ = 0;
};

}  // namespace faultline::rtl
