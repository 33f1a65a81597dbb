// SPDX-License-Identifier: MIT
// Read-only facts: who the device is, what it has, what time it is.
#pragma once

#include <cstdint>

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/tlm/device_clock.hpp"
#include "systemc_models/tlm/register_block.hpp"

namespace faultline::tlm {

class Identity : public RegisterBlock {
 public:
  Identity(const mmu::Config& mmu, uint64_t vram_bytes, const DeviceClock& clock);

  /// Shown in FAULTLINE_UNMODELLED.
  void count_unmodelled() { ++unmodelled_; }
  uint32_t unmodelled() const { return unmodelled_; }
  void reset() { unmodelled_ = 0; }

  std::optional<uint32_t> read_register(uint32_t offset) override;
  Taken write_register(uint32_t offset, uint32_t value) override;

 private:
  uint32_t topology_;
  uint32_t vram_mib_;
  const DeviceClock& clock_;
  uint32_t unmodelled_ = 0;
};

}  // namespace faultline::tlm
