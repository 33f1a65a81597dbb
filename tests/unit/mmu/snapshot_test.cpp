// SPDX-License-Identifier: MIT
// Faults that no buffer takes.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace status = regs::mmu_fault_status;

namespace {

uint32_t status_of(const Bench& bench) { return bench.get(status::kOffset); }
bool latched(const Bench& bench) { return status::valid.get(status_of(bench)) != 0; }
void clear_snapshot(Bench& bench) { bench.set(status::kOffset, status::valid.mask()); }

}  // namespace

TEST_CASE("an unbound instance block is latched, whole") {
  Bench bench;
  bench.instance.set_main({.target = regs::PdbTarget::kInvalid});
  const uint64_t va = 0x1'2345'6789'a000;
  bench.gmmu.translate(bench.request_by(bench.copy(), va, Access::kWrite));
  REQUIRE(latched(bench));
  CHECK(bench.get(regs::mmu_fault_addr_lo::kOffset) == 0x6789'a000);
  CHECK(bench.get(regs::mmu_fault_addr_hi::kOffset) == 0x1'2345);
  CHECK(bench.get(regs::mmu_fault_inst_lo::kOffset) == (0x2345'6000 | 15));
  CHECK(bench.get(regs::mmu_fault_inst_hi::kOffset) == 0x1);
  CHECK(bench.get(regs::mmu_fault_info::kOffset) == 0x8011'0104);
  CHECK(bench.packets(regs::FaultBuffer::kNonReplayable).empty());
}

TEST_CASE("with its buffer disabled a fault is latched") {
  Bench bench;
  bench.set(regs::mmu_fault_buffer_size::offset(1), 0);
  CHECK(bench.read(kVa).outcome == Outcome::kParked);
  CHECK(latched(bench));
  CHECK(bench.gmmu.statistics().packets == 0);
}

TEST_CASE("the first fault is kept, later ones set the bit of who was dropped") {
  struct Case {
    regs::EngineId engine;
    uint32_t bit;
  };
  const auto [engine, bit] =
      GENERATE(Case{regs::EngineId::kBar1, status::dropped_bar1_virt.mask()},
               Case{regs::EngineId::kBar2, status::dropped_bar2_virt.mask()},
               Case{regs::EngineId::kIfb, status::dropped_ifb_virt.mask()},
               Case{regs::EngineId::kCe0, status::dropped_other_virt.mask()},
               Case{regs::EngineId::kPhysical, status::dropped_other_phys.mask()});
  Bench bench;
  bench.set(regs::mmu_fault_buffer_size::offset(0), 0);
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa));
  CHECK(status_of(bench) == status::valid.mask());
  Requester who = bench.copy();
  who.engine_id = static_cast<uint16_t>(engine);
  bench.gmmu.translate(bench.request_by(who, kVa + 0x1000));
  CHECK(status_of(bench) == (status::valid.mask() | bit));
  CHECK(bench.get(regs::mmu_fault_addr_lo::kOffset) == static_cast<uint32_t>(kVa));
}

TEST_CASE("VALID and the DROPPED bits are cleared one by one by writing them") {
  Bench bench;
  bench.set(regs::mmu_fault_buffer_size::offset(0), 0);
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa));
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa));
  clear_snapshot(bench);
  CHECK(status_of(bench) == status::dropped_other_virt.mask());
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa + 0x1000));
  CHECK(bench.get(regs::mmu_fault_addr_lo::kOffset) == static_cast<uint32_t>(kVa + 0x1000));
  bench.set(status::kOffset, status::dropped_other_virt.mask());
  CHECK(status_of(bench) == status::valid.mask());
}

TEST_CASE("STATUS shows which buffer holds packets, and writing does not change that") {
  Bench bench;
  bench.read(kVa);
  CHECK(status_of(bench) == status::replayable.mask());
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa));
  CHECK(status_of(bench) == (status::replayable.mask() | status::non_replayable.mask()));
  bench.set(status::kOffset, ~uint32_t{0});
  CHECK(status_of(bench) == (status::replayable.mask() | status::non_replayable.mask()));
}

TEST_CASE("VALID of INFO is VALID of STATUS") {
  Bench bench;
  bench.set(regs::mmu_fault_buffer_size::offset(0), 0);
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa));
  const uint32_t info = bench.get(regs::mmu_fault_info::kOffset);
  CHECK(regs::mmu_fault_info::valid.get(info) == 1);
  clear_snapshot(bench);
  CHECK(bench.get(regs::mmu_fault_info::kOffset) == regs::mmu_fault_info::valid.set(info, 0));
}

}  // namespace faultline::mmu::test
