// SPDX-License-Identifier: MIT
// The RTL with deliberate bugs, under the checker.
#pragma once

#include <Vgmmu_mutant.h>
#include <Vgmmu_mutant_gmmu_bug_pkg.h>

#include <utility>

#include "tests/check/checked_rtl.hpp"

namespace faultline::check_test {

/// As in CMakeLists.txt.
inline constexpr rtl::GmmuSizes kMutantSizes{.gpcs = 2,
                                             .utlbs_per_gpc = 3,
                                             .walkers = 4,
                                             .replay_depth = 16,
                                             .default_fault_buffer_entries = 1024};

/// One of the numbers of mutations.cmake is switched on, or none: 0.
struct CheckedMutant : CheckedRtl<Vgmmu_mutant> {
  CheckedMutant(int bug, check::Checker::Report report)
      : CheckedRtl(kMutantSizes, std::move(report)) {
    gmmu.top().gmmu_bug_pkg->bug = bug;
  }
};

}  // namespace faultline::check_test
