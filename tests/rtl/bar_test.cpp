// SPDX-License-Identifier: MIT
// The port of the BARs, in the RTL.
#include <catch2/catch_test_macros.hpp>

#include "tests/rtl/core_bench.hpp"

namespace faultline::rtl::test {

namespace {

namespace block = regs::bar1_block;

uint32_t block_of(const builder::InstanceBlock& instance) {
  uint32_t word = block::ptr.set(0, instance.pointer().address >> block::kPtrShift);
  word = block::target.set(word, static_cast<uint32_t>(instance.pointer().aperture));
  return block::mode.set(word, regs::BarMode::kVirtual);
}

}  // namespace

TEST_CASE("a physical BAR is video memory") {
  CoreBench bench;
  const Answer answer = bench.translate_bar1(0x12'3456'7890, Access::kRead).answer;
  CHECK(answer.outcome == Outcome::kTranslated);
  CHECK(answer.pa == 0x12'3456'7890);
  CHECK(answer.aperture == Aperture::kVidmem);
  CHECK(answer.page_shift == 21);
  CHECK(bench.translate_bar2(0x4567).answer.pa == 0x4567);
}

TEST_CASE("a virtual BAR is translated by its own instance block, as a privileged client") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .privilege = true});
  builder::PageTables others(
      bench.memory, builder::BumpAllocator(0x4000'0000, {regs::PdeAperture::kSysCoherent}));
  builder::InstanceBlock other(bench.memory, {.address = 0x7000, .aperture = Aperture::kVidmem});
  other.set_main(builder::space_of(others.root()));
  others.map(kVa, Level::kPte4k, {.address = 0x6'0000'0000, .privilege = true});
  bench.top().bar1_block_i = block_of(bench.instance);
  bench.top().bar2_block_i = block_of(other);
  for (unsigned i = 0; i < 2; ++i) {
    CHECK(bench.translate_bar1(kVa + 4, Access::kRead).answer.pa == kFrame + 4);
    CHECK(bench.translate_bar2(kVa + 8).answer.pa == 0x6'0000'0008);
  }
}

TEST_CASE("a BAR's fault is reported to the snapshot's path, and answered") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  bench.top().bar1_block_i = block_of(bench.instance);
  bench.top().bar2_block_i = block_of(bench.instance);
  bench.refuse_reports(true);  // those of the other ports
  CHECK(bench.translate_bar1(kVa, Access::kRead).answer.outcome == Outcome::kTranslated);

  const End bar1 = bench.translate_bar1(kVa, Access::kWrite);
  CHECK(bar1.answer.outcome == Outcome::kFaulted);
  REQUIRE(bar1.report);
  CHECK(bar1.report->request.requester.engine_id == static_cast<uint16_t>(regs::EngineId::kBar1));
  CHECK(bar1.report->response.answer.fault_type == static_cast<uint8_t>(FaultType::kRoViolation));

  const End bar2 = bench.translate_bar2(kVa);
  CHECK(bar2.answer.outcome == Outcome::kFaulted);
  REQUIRE(bar2.report);
  CHECK(bar2.report->request.requester.engine_id == static_cast<uint16_t>(regs::EngineId::kBar2));
  CHECK(bar2.report->request.access == Access::kWrite);
  CHECK(bar2.report->request.requester.client == static_cast<uint8_t>(regs::HubClient::kHostCpu));
}

}  // namespace faultline::rtl::test
