// SPDX-License-Identifier: MIT
// Fault packets that the driver says it has done with.
#pragma once

#include <cstdint>

#include "systemc_models/mmu/gv100_registers.hpp"
#include "systemc_models/sanitize/mistake.hpp"

namespace faultline::sanitize {

/// A packet is taken, VALID is cleared, GET moves past it, in this order: whoever finds VALID set
/// when the ring comes round reads the old packet again, and whoever clears it behind GET may clear
/// that of the next.
class Packets {
 public:
  Packets(mmu::Memory& memory, Report report) : memory_(memory), report_(std::move(report)) {}

  /// GET of `which` is about to be written.
  void check(const mmu::Gv100Registers& registers, regs::FaultBuffer which, uint32_t value,
             uint64_t now_ns);

 private:
  struct Ring;

  void check_one(const Ring& ring, uint32_t index, uint32_t target, uint64_t now_ns);

  mmu::Memory& memory_;
  Report report_;
};

}  // namespace faultline::sanitize
