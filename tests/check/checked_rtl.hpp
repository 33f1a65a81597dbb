// SPDX-License-Identifier: MIT
// The RTL, and the RTL with its deliberate bugs, under the checker.
#pragma once

#include <Vgmmu_mutant.h>
#include <Vgmmu_mutant_gmmu_bug_pkg.h>
#include <Vgmmu_small.h>

#include <utility>

#include "systemc_models/check/checker.hpp"
#include "systemc_models/rtl_shell/verilated_gmmu.hpp"
#include "tests/check/traffic.hpp"

namespace faultline::check_test {

/// As in CMakeLists.txt.
inline constexpr rtl::GmmuSizes kMutantSizes{.gpcs = 2,
                                             .utlbs_per_gpc = 3,
                                             .walkers = 4,
                                             .replay_depth = 16,
                                             .default_fault_buffer_entries = 1024};
/// As in tests/rtl/CMakeLists.txt.
inline constexpr rtl::GmmuSizes kSmallSizes{.gpcs = 2,
                                            .utlbs_per_gpc = 3,
                                            .walkers = 4,
                                            .replay_depth = 64,
                                            .default_fault_buffer_entries = 1024};

template <typename Top>
struct CheckedRtl {
  CheckedRtl(const rtl::GmmuSizes& sizes, check::Checker::Report report)
      : gmmu(sizes, memory, clock), checker(sizes, std::move(report)) {
    gmmu.observe(checker);
  }

  builder::SparseMemory memory;
  CycleClock clock;
  rtl::VerilatedGmmu<Top> gmmu;
  check::Checker checker;
};

/// With its deliberate bugs, of which one is switched on, or none: 0.
struct CheckedMutant : CheckedRtl<Vgmmu_mutant> {
  CheckedMutant(int bug, check::Checker::Report report)
      : CheckedRtl(kMutantSizes, std::move(report)) {
    gmmu.top().gmmu_bug_pkg->bug = bug;
  }
};

}  // namespace faultline::check_test
