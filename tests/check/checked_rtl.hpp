// SPDX-License-Identifier: MIT
// The RTL under the checker.
#pragma once

#include <utility>

#include "systemc_models/check/checker.hpp"
#include "systemc_models/rtl_shell/verilated_gmmu.hpp"
#include "tests/check/traffic.hpp"

namespace faultline::check_test {

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

}  // namespace faultline::check_test
