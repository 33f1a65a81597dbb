// SPDX-License-Identifier: MIT
// The RTL in the place of the functional model, small: its TLBs are full soon. Held by the checker.
#pragma once

#include <memory>

#include "systemc_models/check/checker.hpp"
#include "systemc_models/rtl_shell/settled_gmmu.hpp"

namespace faultline::rtl::test {

/// Of the replay lists.
inline constexpr unsigned kReplayDepth = 64;

/// Its sizes are those with which the RTL was Verilated; those of a Config are not looked at.
class RtlGmmu : public SettledGmmu {
 public:
  RtlGmmu(const mmu::Config& config, mmu::Memory& memory, mmu::Listener& listener,
          mmu::Clock& clock);

 private:
  check::Checker checker_;
};

}  // namespace faultline::rtl::test
