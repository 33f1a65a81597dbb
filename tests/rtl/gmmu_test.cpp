// SPDX-License-Identifier: MIT
// The whole MMU in RTL, where its fixed sizes count: what the model's tests choose sizes for.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace {

constexpr uint64_t kPage = 0x1000;

void fill_list(Bench& bench) {
  bench.enable_buffer(regs::FaultBuffer::kReplayable, 256);
  for (uint64_t i = 0; i < rtl::test::kReplayDepth; ++i) bench.park(kVa + i * kPage, 100 + i);
}

}  // namespace

TEST_CASE(
    "a full replay list stalls its uTLB only, reports nothing, and says once when it has room") {
  Bench bench;
  fill_list(bench);
  CHECK(bench.read(kVa).outcome == Outcome::kStalled);
  CHECK(bench.read(kVa).outcome == Outcome::kStalled);
  CHECK(bench.packets(regs::FaultBuffer::kReplayable).size() == rtl::test::kReplayDepth);
  Requester other = bench.stream();
  other.gpc = 0;
  CHECK(bench.gmmu.translate(bench.request_by(other, kVa)).outcome == Outcome::kParked);
  CHECK(bench.said.spaces.empty());
  bench.tables.map(kVa + 3 * kPage, Level::kPte4k, {.address = kFrame});
  bench.replay();
  CHECK(bench.said.answer_to(103).pa == kFrame);
  CHECK(bench.said.answers.size() == 1);
  CHECK(bench.said.spaces.size() == 1);
  CHECK(bench.read(kVa).outcome == Outcome::kParked);
  CHECK(bench.read(kVa).outcome == Outcome::kStalled);
}

TEST_CASE("a prefetch and a hit need no room in a full list") {
  Bench bench;
  bench.tables.map(kVa - kPage, Level::kPte4k, {.address = kFrame});
  fill_list(bench);
  CHECK(bench.read(kVa - kPage).outcome == Outcome::kTranslated);
  CHECK(bench.gmmu.translate(bench.request(kVa, Access::kPrefetch)).outcome == Outcome::kDropped);
}

TEST_CASE("a withdrawn request makes room and is answered no more") {
  Bench bench;
  fill_list(bench);
  CHECK(bench.read(kVa).outcome == Outcome::kStalled);
  bench.gmmu.abandon(105);
  CHECK(bench.said.spaces.size() == 1);
  bench.park(kVa + 99 * kPage, 1);
  for (uint64_t i = 0; i < rtl::test::kReplayDepth; ++i)
    bench.tables.map(kVa + i * kPage, Level::kPte4k, {.address = kFrame});
  bench.tables.map(kVa + 99 * kPage, Level::kPte4k, {.address = kFrame});
  bench.replay();
  CHECK(bench.said.answers.size() == rtl::test::kReplayDepth);
  for (const auto& answered : bench.said.answers) CHECK(answered.tag != 105);
}

TEST_CASE("SET_DEFAULT sets 1024 entries and keeps them when written again") {
  namespace size_reg = regs::mmu_fault_buffer_size;
  Bench bench;
  bench.set(size_reg::offset(1), size_reg::set_default.mask());
  CHECK(bench.get(size_reg::offset(1)) == (size_reg::set_default.mask() | 1024));
  bench.set(size_reg::offset(1), size_reg::set_default.mask() | size_reg::enable.mask() | 7);
  CHECK(bench.get(size_reg::offset(1)) ==
        (size_reg::set_default.mask() | size_reg::enable.mask() | 1024));
}

TEST_CASE("registers that only store give back what can be written") {
  Bench bench;
  // That the bits are the right ones the checker says, at each read.
  for (const uint32_t offset :
       {regs::mmu_invalidate_pasid::kOffset, regs::mmu_bind_imb::kOffset,
        regs::mmu_debug_ctrl::kOffset, regs::mmu_debug_wr::kOffset, regs::mmu_debug_rd::kOffset}) {
    CAPTURE(offset);
    bench.set(offset, ~uint32_t{0});
    CHECK(bench.get(offset) != 0);
    bench.set(offset, 0);
    CHECK(bench.get(offset) == 0);
  }
  bench.set(regs::mmu_bind::kOffset, 0);
  CHECK(bench.get(regs::mmu_bind::kOffset) == 0);
  CHECK(bench.get(regs::bind_status::kOffset) == regs::bind_status::kReset);
}

TEST_CASE("the interrupt enables have a second word without sources") {
  Bench bench;
  for (const uint32_t offset : {regs::niso_intr_en::offset(1), regs::niso_intr_en_set::offset(1),
                                regs::niso_intr_en_clr::offset(1)}) {
    CAPTURE(offset);
    bench.set(offset, ~uint32_t{0});
    CHECK(bench.get(offset) == 0);
  }
  CHECK(bench.get(regs::niso_intr_en_set::kOffset) == 0);
  CHECK(bench.get(regs::niso_intr_en_clr::kOffset) == 0);
}

}  // namespace faultline::mmu::test
