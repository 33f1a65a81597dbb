// SPDX-License-Identifier: MIT
// The RTL as the device and the tools use it.
#pragma once

#include <functional>
#include <memory>

#include "systemc_models/rtl_shell/clocked_gmmu.hpp"

namespace faultline::rtl {

/// RTL, and the sizes with which it was Verilated.
struct GmmuBuild {
  GmmuSizes sizes;
  std::function<std::unique_ptr<ClockedGmmu>(mmu::Memory&, mmu::Clock&)> make;
};

/// Sizes: CMakeLists.txt beside this.
GmmuBuild device_gmmu();

/// What the rest of the device must know of the sizes; those that nobody sees are left alone.
mmu::Config config_of(const GmmuSizes& sizes);

}  // namespace faultline::rtl
