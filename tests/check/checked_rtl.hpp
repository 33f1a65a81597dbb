// SPDX-License-Identifier: MIT
// The RTL with its deliberate bugs, under traffic and the checker.
#pragma once

#include <Vgmmu_mutant.h>
#include <Vgmmu_mutant_gmmu_bug_pkg.h>

#include <utility>

#include "systemc_models/check/checker.hpp"
#include "systemc_models/rtl_shell/verilated_gmmu.hpp"
#include "tests/check/traffic.hpp"

namespace faultline::check_test {

/// As in CMakeLists.txt.
inline constexpr rtl::GmmuSizes kSizes{.gpcs = 2,
                                       .utlbs_per_gpc = 3,
                                       .walkers = 4,
                                       .replay_depth = 16,
                                       .default_fault_buffer_entries = 1024};

struct CheckedRtl {
  CheckedRtl(int bug, check::Checker::Report report) : checker(kSizes, std::move(report)) {
    gmmu.top().gmmu_bug_pkg->bug = bug;
    gmmu.observe(checker);
  }

  builder::SparseMemory memory;
  CycleClock clock;
  rtl::VerilatedGmmu<Vgmmu_mutant> gmmu{kSizes, memory, clock};
  check::Checker checker;
};

}  // namespace faultline::check_test
