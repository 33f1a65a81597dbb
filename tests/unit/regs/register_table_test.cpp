// SPDX-License-Identifier: MIT
// The generated table of all registers, and register values that the manuals fix.
#include <algorithm>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "regs/generated/faultline_regs.hpp"

namespace regs = faultline::regs;

TEST_CASE("the table is sorted and no two registers share an offset") {
  CHECK(std::ranges::is_sorted(regs::kRegisters, {}, &regs::RegisterInfo::offset));
  std::set<uint32_t> offsets;
  for (const regs::RegisterInfo& reg : regs::kRegisters) {
    for (uint32_t i = 0; i < reg.count; ++i) {
      INFO(reg.name << "(" << i << ")");
      CHECK(offsets.insert(reg.offset + i * reg.stride).second);
    }
  }
}

TEST_CASE("every bit of a register has at most one access rule, and only such bits reset to one") {
  for (const regs::RegisterInfo& reg : regs::kRegisters) {
    INFO(reg.name);
    const uint32_t all = reg.ro | reg.rw | reg.w1c | reg.wo | reg.trigger;
    const int bits = std::popcount(reg.ro) + std::popcount(reg.rw) + std::popcount(reg.w1c) +
                     std::popcount(reg.wo) + std::popcount(reg.trigger);
    CHECK(std::popcount(all) == bits);
    CHECK((reg.reset & ~all) == 0);
  }
}

TEST_CASE("reset values") {
  STATIC_CHECK(regs::mmu_ctrl::kReset == 0x00208000);  // PRI_FIFO_SPACE 32, PRI_FIFO_EMPTY
  STATIC_CHECK(regs::mmu_page_fault_ctrl::prf_filter.decode(regs::mmu_page_fault_ctrl::kReset) ==
               regs::PrfFilter::kSendNone);
  STATIC_CHECK(regs::faultline_id::kReset == 0x544C4146);
  STATIC_CHECK(regs::faultline_channels::kReset == 0x0820);
}

TEST_CASE("words that drivers are known to write") {
  using namespace regs::mmu_invalidate;
  constexpr uint32_t replay_all = all_va.mask() | all_pdb.mask() | trigger.mask();
  STATIC_CHECK(replay.set(replay_all, regs::ReplayOp::kStart) == 0x8000000B);
  STATIC_CHECK(replay.set(replay_all, regs::ReplayOp::kCancelTargeted) == 0x8000001B);
  STATIC_CHECK((regs::mmu_fault_buffer_size::enable.mask() |
                regs::mmu_fault_buffer_size::set_default.mask()) == 0xC0000000);
  STATIC_CHECK(regs::mmu_fault_buffer_get::offset(1) == 0x100E40);
  STATIC_CHECK(regs::niso_intr::mmu_replayable_fault_notify.mask() == 1u << 27);
}

TEST_CASE("enums tell their names") {
  STATIC_CHECK(regs::to_string(regs::FaultType::kVaLimitViolation) == "VA_LIMIT_VIOLATION");
  STATIC_CHECK(regs::to_string(regs::GpcClient::kT1_10) == "T1_10");
  STATIC_CHECK(regs::to_string(static_cast<regs::FaultType>(0x1F)) == "?");
}
