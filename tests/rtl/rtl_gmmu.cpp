// SPDX-License-Identifier: MIT
// The small RTL, Verilated for the tests.
#include "tests/rtl/rtl_gmmu.hpp"

#include FAULTLINE_TEST_TOP_HEADER

#include <catch2/catch_test_macros.hpp>

#include "systemc_models/rtl_shell/verilated_gmmu.hpp"

namespace faultline::rtl::test {

namespace {

/// As in CMakeLists.txt.
constexpr GmmuSizes kSizes{.gpcs = 2,
                           .utlbs_per_gpc = 3,
                           .walkers = 4,
                           .replay_depth = kReplayDepth,
                           .default_fault_buffer_entries = 1024};

}  // namespace

RtlGmmu::RtlGmmu(const mmu::Config&, mmu::Memory& memory, mmu::Listener& listener,
                 mmu::Clock& clock)
    : SettledGmmu(std::make_unique<VerilatedGmmu<FAULTLINE_TEST_TOP>>(kSizes, memory, clock),
                  listener),
      checker_(kSizes, [](const check::Violation& violation) {
        FAIL_CHECK("cycle " << violation.cycle << ": " << violation.text);
      }) {
  clocked().observe(checker_);
}

}  // namespace faultline::rtl::test
