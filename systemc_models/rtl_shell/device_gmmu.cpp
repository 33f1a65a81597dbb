// SPDX-License-Identifier: MIT
// The Verilated RTL of the device.
#include "systemc_models/rtl_shell/device_gmmu.hpp"

#include <Vgmmu.h>

#include "systemc_models/rtl_shell/verilated_gmmu.hpp"

namespace faultline::rtl {

namespace {

constexpr GmmuSizes kSizes{.gpcs = FAULTLINE_RTL_GPCS,
                           .utlbs_per_gpc = FAULTLINE_RTL_UTLBS_PER_GPC,
                           .walkers = FAULTLINE_RTL_WALKERS,
                           .replay_depth = FAULTLINE_RTL_REPLAY_DEPTH,
                           .default_fault_buffer_entries = FAULTLINE_RTL_FAULT_BUFFER_ENTRIES};

std::unique_ptr<ClockedGmmu> make(mmu::Memory& memory, mmu::Clock& clock) {
  return std::make_unique<VerilatedGmmu<Vgmmu>>(kSizes, memory, clock);
}

}  // namespace

GmmuBuild device_gmmu() { return {.sizes = kSizes, .make = make}; }

mmu::Config config_of(const GmmuSizes& sizes) {
  mmu::Config config;
  config.gpcs = sizes.gpcs;
  config.utlbs_per_gpc = sizes.utlbs_per_gpc;
  config.replay_list_depth = sizes.replay_depth;
  config.default_fault_buffer_entries = sizes.default_fault_buffer_entries;
  return config;
}

}  // namespace faultline::rtl
