// SPDX-License-Identifier: MIT
// An AXI4 memory that takes writes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::rtl {

/// One burst at a time. What a burst writes reaches the memory in carry_out(), before its response
/// is offered: bytes that lie side by side in one write.
class WriteChannel {
 public:
  struct Run {
    uint64_t address;
    std::vector<std::byte> bytes;
  };
  struct Burst {
    mmu::Aperture aperture{};
    std::vector<Run> runs;
    bool ok = true;  ///< the memory took it all

    /// The RTL writes fault packets, and the part with VALID last, in a burst of its own.
    bool completes_packet() const {
      return !runs.empty() && runs.front().address % regs::fault_packet::kBytes != 0;
    }
  };

  explicit WriteChannel(mmu::Memory& memory) : memory_(memory) {}

  void take_address(mmu::Aperture aperture, uint64_t address);
  void take_beat(const uint32_t* words, uint16_t strobes, bool last);
  /// A burst is there to be carried out.
  bool is_complete() const { return complete_; }
  /// To be called between cycles: the memory may look at the device. The burst that it carried out.
  Burst carry_out();
  /// The response to offer: whether the memory took it all.
  std::optional<bool> response() const { return response_; }
  void response_taken() { response_.reset(); }
  void clear();

 private:
  mmu::Memory& memory_;
  uint64_t address_ = 0;
  Burst burst_;
  bool complete_ = false;
  std::optional<bool> response_;
};

}  // namespace faultline::rtl
