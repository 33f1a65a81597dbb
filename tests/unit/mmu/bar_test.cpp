// SPDX-License-Identifier: MIT
// The host's BARs, and fault buffers at BAR2 virtual addresses.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace block = regs::bar1_block;
namespace status = regs::mmu_fault_status;

namespace {

constexpr uint64_t kBarVa = 0x12'3000;

uint32_t register_of(Bar bar) {
  return bar == Bar::k1 ? regs::bar1_block::kOffset : regs::bar2_block::kOffset;
}

void bind(Bench& bench, Bar bar) {
  uint32_t word = block::ptr.set(0, kInstance >> block::kPtrShift);
  word = block::mode.set(word, regs::BarMode::kVirtual);
  bench.set(register_of(bar), word);
}

/// The replayable buffer at kBarVa of BAR2.
void enable_virtual_buffer(Bench& bench) {
  bench.set(regs::mmu_fault_buffer_lo::offset(1), static_cast<uint32_t>(kBarVa));
  bench.set(regs::mmu_fault_buffer_hi::offset(1), 0);
}

}  // namespace

TEST_CASE("after reset the BARs are physical", "[model]") {
  const Bar bar = GENERATE(Bar::k1, Bar::k2);
  Bench bench;
  const Answer answer = bench.gmmu.translate_bar(bar, 0x1234'5678, Access::kWrite);
  CHECK(answer.outcome == Outcome::kTranslated);
  CHECK(answer.pa == 0x1234'5678);
  CHECK(answer.aperture == Aperture::kVidmem);
}

TEST_CASE("a virtual BAR is translated by its instance block", "[model]") {
  const Bar bar = GENERATE(Bar::k1, Bar::k2);
  Bench bench;
  bench.tables.map(
      kBarVa, Level::kPte4k,
      {.address = kFrame, .aperture = regs::PteAperture::kSysCoherent, .privilege = true});
  bind(bench, bar);
  const Answer answer = bench.gmmu.translate_bar(bar, kBarVa + 4, Access::kRead);
  CHECK(answer.pa == kFrame + 4);
  CHECK(answer.aperture == Aperture::kSysCoherent);
  CHECK(bench.get(regs::bind_status::kOffset) == 0);
}

TEST_CASE("a BAR's fault is latched as its engine's", "[model]") {
  struct Case {
    Bar bar;
    regs::EngineId engine;
  };
  const auto [bar, engine] =
      GENERATE(Case{Bar::k1, regs::EngineId::kBar1}, Case{Bar::k2, regs::EngineId::kBar2});
  Bench bench;
  bind(bench, bar);
  const Answer answer = bench.gmmu.translate_bar(bar, kBarVa, Access::kWrite);
  CHECK(answer.outcome == Outcome::kFaulted);
  const uint32_t inst = bench.get(regs::mmu_fault_inst_lo::kOffset);
  CHECK(regs::mmu_fault_inst_lo::engine_id.decode(inst) == engine);
  const uint32_t info = bench.get(regs::mmu_fault_info::kOffset);
  CHECK(regs::mmu_fault_info::client.get(info) == static_cast<uint32_t>(regs::HubClient::kHostCpu));
  CHECK(regs::mmu_fault_info::client_type.decode(info) == regs::ClientType::kHub);
  CHECK(regs::mmu_fault_info::access_type.decode(info) == regs::AccessType::kWrite);
  CHECK(bench.packets(regs::FaultBuffer::kNonReplayable).empty());
}

TEST_CASE("writing BARn_BLOCK binds anew") {
  Bench bench;
  bind(bench, Bar::k1);
  bench.tables.map(kBarVa, Level::kPte4k, {.address = kFrame});
  CHECK(bench.gmmu.translate_bar(Bar::k1, kBarVa, Access::kRead).pa == kFrame);
  builder::PageTables other(bench.memory,
                            builder::BumpAllocator(0x3000'0000, {regs::PdeAperture::kVidmem}));
  other.map(kBarVa, Level::kPte4k, {.address = 0x6'0000'0000});
  bench.instance.set_main(builder::space_of(other.root()));
  bind(bench, Bar::k1);
  CHECK(bench.gmmu.translate_bar(Bar::k1, kBarVa, Access::kRead).pa == 0x6'0000'0000);
}

TEST_CASE("a fault buffer in virtual mode lies behind BAR2") {
  Bench bench;
  bench.tables.map(kBarVa, Level::kPte4k,
                   {.address = 0x9'0000'0000, .aperture = regs::PteAperture::kSysNonCoherent});
  bind(bench, Bar::k2);
  enable_virtual_buffer(bench);
  bench.park(kVa, 1);
  CHECK(bench.memory.read32(Aperture::kSysNonCoherent, 0x9'0000'0008) ==
        static_cast<uint32_t>(kVa));
  CHECK(regs::mmu_fault_buffer_put::ptr.get(bench.get(regs::mmu_fault_buffer_put::offset(1))) == 1);
}

TEST_CASE("a packet written to a sparse page is counted, and gone") {
  Bench bench;
  bench.tables.write(kBarVa, Level::kPte4k, builder::kSparsePte);
  bind(bench, Bar::k2);
  enable_virtual_buffer(bench);
  bench.park(kVa, 1);
  CHECK(regs::mmu_fault_buffer_put::ptr.get(bench.get(regs::mmu_fault_buffer_put::offset(1))) == 1);
  CHECK(status::replayable_error.get(bench.get(status::kOffset)) == 0);
}

TEST_CASE("a fault while a packet is written is BAR2's, and the buffer's error") {
  Bench bench;
  bind(bench, Bar::k2);
  enable_virtual_buffer(bench);
  bench.park(kVa, 1);
  CHECK(status::valid.get(bench.get(status::kOffset)) == 1);
  CHECK(status::replayable_error.get(bench.get(status::kOffset)) == 1);
  CHECK(status::replayable.get(bench.get(status::kOffset)) == 0);
  const uint32_t inst = bench.get(regs::mmu_fault_inst_lo::kOffset);
  CHECK(regs::mmu_fault_inst_lo::engine_id.decode(inst) == regs::EngineId::kBar2);
  CHECK(bench.get(regs::mmu_fault_addr_lo::kOffset) == kBarVa);

  // Recovery: map, rebind, disable and enable, replay.
  bench.tables.map(kBarVa, Level::kPte4k, {.address = 0x9'0000'0000});
  bind(bench, Bar::k2);
  bench.set(status::kOffset, status::valid.mask());
  bench.set(regs::mmu_fault_buffer_size::offset(1), 0);
  bench.set(regs::mmu_fault_buffer_size::offset(1),
            regs::mmu_fault_buffer_size::enable.mask() | kBufferEntries);
  bench.replay();
  CHECK(bench.get(status::kOffset) == status::replayable.mask());
}

}  // namespace faultline::mmu::test
