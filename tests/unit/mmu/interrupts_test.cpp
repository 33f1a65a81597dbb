// SPDX-License-Identifier: MIT
// The hub's interrupt sources: levels, enables, and what rose.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace niso = regs::niso_intr;
namespace get_reg = regs::mmu_fault_buffer_get;
using Interrupts = std::vector<Recorder::Interrupt>;

namespace {

constexpr uint32_t kNotify = niso::mmu_replayable_fault_notify.mask();
constexpr uint32_t kOverflow = niso::mmu_replayable_fault_overflow.mask();
constexpr uint32_t kOtherNotify = niso::mmu_nonreplayable_fault_notify.mask();
constexpr uint32_t kOtherOverflow = niso::mmu_nonreplayable_fault_overflow.mask();
constexpr uint32_t kSnapshot = niso::mmu_other_fault_notify.mask();
constexpr uint32_t kAll = kNotify | kOverflow | kOtherNotify | kOtherOverflow | kSnapshot;

uint32_t pending(const Bench& bench) { return bench.get(niso::kOffset); }
void enable(Bench& bench, uint32_t sources) {
  bench.set(regs::niso_intr_en_set::offset(0), sources);
}
void disable(Bench& bench, uint32_t sources) {
  bench.set(regs::niso_intr_en_clr::offset(0), sources);
}

}  // namespace

TEST_CASE("notify is a level: GET differs from PUT") {
  Bench bench;
  CHECK(pending(bench) == 0);
  bench.park(kVa, 1);
  CHECK(pending(bench) == kNotify);
  bench.set(get_reg::offset(1), 1);
  CHECK(pending(bench) == 0);
  bench.set(get_reg::offset(1), 0);
  CHECK(pending(bench) == kNotify);
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa));
  CHECK(pending(bench) == (kNotify | kOtherNotify));
}

TEST_CASE("the snapshot is a level too") {
  Bench bench;
  bench.instance.set_main({.target = regs::PdbTarget::kInvalid});
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa));
  CHECK(pending(bench) == kSnapshot);
  bench.set(regs::mmu_fault_status::kOffset, regs::mmu_fault_status::valid.mask());
  CHECK(pending(bench) == 0);
}

TEST_CASE("overflow interrupts if SIZE says so, and keeps the other notify back") {
  Bench bench;
  for (const auto which : {regs::FaultBuffer::kReplayable, regs::FaultBuffer::kNonReplayable})
    bench.enable_buffer(which, 2);
  for (uint64_t tag = 1; tag <= 2; ++tag) {
    bench.park(kVa, tag);
    bench.gmmu.translate(bench.request_by(bench.copy(), kVa));
  }
  CHECK(pending(bench) == (kNotify | kOverflow | kOtherOverflow));
  namespace size = regs::mmu_fault_buffer_size;
  for (uint32_t i = 0; i < 2; ++i)
    bench.set(size::offset(i), bench.get(size::offset(i)) & ~size::overflow_intr.mask());
  CHECK(pending(bench) == (kNotify | kOtherNotify));
}

TEST_CASE("only enabled sources are told, when they rise and when they fall") {
  Bench bench;
  bench.park(kVa, 1);
  CHECK(bench.said.interrupts.empty());
  bench.set(get_reg::offset(1), 1);
  enable(bench, kNotify);
  CHECK(bench.said.interrupts.empty());
  bench.park(kVa, 2);
  CHECK(bench.said.interrupts == Interrupts{{kNotify, kNotify}});
  // A level that stays up says nothing more.
  bench.park(kVa, 3);
  CHECK(bench.said.interrupts.size() == 1);
  bench.set(get_reg::offset(1), 3);
  CHECK(bench.said.interrupts.back() == Recorder::Interrupt{0, 0});
}

TEST_CASE("enabling a pending source makes it rise, even if it was enabled already") {
  Bench bench;
  bench.park(kVa, 1);
  enable(bench, kNotify);
  enable(bench, kNotify);
  CHECK(bench.said.interrupts == Interrupts{{kNotify, kNotify}, {kNotify, kNotify}});
  enable(bench, kOverflow);
  CHECK(bench.said.interrupts.size() == 2);
}

TEST_CASE("disabling takes the level away") {
  Bench bench;
  bench.park(kVa, 1);
  enable(bench, kNotify);
  disable(bench, kNotify);
  CHECK(bench.said.interrupts.back() == Recorder::Interrupt{0, 0});
  CHECK(pending(bench) == kNotify);
  CHECK(bench.get(regs::niso_intr_en::offset(0)) == 0);
}

TEST_CASE("enables exist for the sources that exist") {
  Bench bench;
  enable(bench, ~uint32_t{0});
  CHECK(bench.get(regs::niso_intr_en::offset(0)) == kAll);
  bench.set(niso::kOffset, ~uint32_t{0});
  CHECK(pending(bench) == 0);
}

TEST_CASE("reset takes all levels and enables away") {
  Bench bench;
  enable(bench, kAll);
  bench.park(kVa, 1);
  bench.gmmu.reset();
  CHECK(bench.said.interrupts.back() == Recorder::Interrupt{0, 0});
  CHECK(bench.get(regs::niso_intr_en::offset(0)) == 0);
}

}  // namespace faultline::mmu::test
