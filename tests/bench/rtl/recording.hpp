// SPDX-License-Identifier: MIT
// What the device puts on the inputs of the RTL, to be played to the RTL alone.
#pragma once

#include <Vgmmu.h>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "systemc_models/rtl_shell/device_gmmu.hpp"
#include "systemc_models/rtl_shell/verilated_gmmu.hpp"
#include "systemc_models/rtl_shell/wave_history.hpp"

namespace faultline::bench {

struct Recording {
  using Inputs = decltype(rtl::values_of(rtl::inputs_of(std::declval<Vgmmu&>())));

  std::vector<Inputs> cycles;  ///< since the reset
  uint64_t answers = 0;        ///< that they brought
  size_t warm_up = 0;          ///< the first cycles, which are not to be measured
};

/// The RTL of the device; what it is given is added to `recording`.
inline rtl::GmmuBuild recorded_gmmu(Recording& recording) {
  class Recorded : public rtl::VerilatedGmmu<Vgmmu>, private rtl::PortObserver {
   public:
    Recorded(const rtl::GmmuSizes& sizes, mmu::Memory& memory, mmu::Clock& clock,
             Recording& recording)
        : VerilatedGmmu(sizes, memory, clock), recording_(recording) {
      observe(*this);
    }

   private:
    void driven() override { recording_.cycles.push_back(rtl::values_of(rtl::inputs_of(top()))); }
    void responded(unsigned, const rtl::Response&) override { ++recording_.answers; }

    Recording& recording_;
  };
  rtl::GmmuBuild build = rtl::device_gmmu();
  build.make = [sizes = build.sizes, &recording](
                   mmu::Memory& memory, mmu::Clock& clock) -> std::unique_ptr<rtl::ClockedGmmu> {
    return std::make_unique<Recorded>(sizes, memory, clock, recording);
  };
  return build;
}

}  // namespace faultline::bench
