// SPDX-License-Identifier: MIT
// The rules of the walk, in the RTL.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/rtl/core_bench.hpp"

namespace faultline::rtl::test {

using regs::PdeAperture;

namespace {

constexpr uint64_t kOtherFrame = 0x6'0000'0000;

FaultType fault_of(const End& end) {
  REQUIRE(end.answer.outcome == Outcome::kFaulted);
  REQUIRE(end.report);
  return static_cast<FaultType>(end.answer.fault_type);
}

}  // namespace

TEST_CASE("a page of each size translates all of its bytes") {
  struct Case {
    Level level;
    uint64_t bytes;
  };
  const auto [level, bytes] = GENERATE(Case{Level::kPte4k, 0x1000}, Case{Level::kPte64k, 0x10000},
                                       Case{Level::kPde0, 0x200000});
  CoreBench bench;
  const uint64_t va = kVa / bytes * bytes;
  const uint64_t frame = kFrame / bytes * bytes;
  bench.tables.map(va, level, {.address = frame});
  for (const uint64_t offset : {uint64_t{0}, uint64_t{0x123}, bytes / 2, bytes - 1}) {
    const Answer answer = bench.read(va + offset).answer;
    CHECK(answer.outcome == Outcome::kTranslated);
    CHECK(answer.pa == frame + offset);
    CHECK(uint64_t{1} << answer.page_shift == bytes);
  }
  CHECK(fault_of(bench.read(va + bytes)) != FaultType::kUnboundInstBlock);
}

TEST_CASE("address bits below a large page are ignored") {
  CoreBench bench;
  bench.tables.write(kBigVa, Level::kPte64k, builder::pte_of({.address = 0x5'0000'f000}));
  CHECK(bench.read(kBigVa + 0x1234).answer.pa == 0x5'0000'1234);
  constexpr uint64_t kNext = kHugeVa + 0x20'0000;
  bench.tables.map(kNext, Level::kPde0, {.address = 0x5'0010'3000});
  CHECK(bench.read(kNext + 0x1'2345).answer.pa == 0x5'0001'2345);
}

TEST_CASE("a 2 MiB page ignores the upper half of its entry") {
  CoreBench bench;
  const uint64_t pte = builder::pte_of({.address = 0x5'0000'0000});
  bench.tables.write_dual(kHugeVa, {pte, ~uint64_t{0}});
  CHECK(bench.read(kHugeVa).answer.pa == 0x5'0000'0000);
}

TEST_CASE("a valid 64 KiB page wins over a valid 4 KiB page") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.tables.map(kBigVa, Level::kPte64k, {.address = kOtherFrame});
  CHECK(bench.read(kVa).answer.pa == kOtherFrame + (kVa & 0xffff));
}

TEST_CASE("an invalid 64 KiB entry falls through to the 4 KiB page") {
  CoreBench bench;
  bench.tables.write(kBigVa, Level::kPte64k, 0);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  CHECK(bench.read(kVa).answer.pa == kFrame);
}

TEST_CASE("an invalid 64 KiB entry with PRIVILEGE ends the walk") {
  CoreBench bench;
  bench.tables.write(kBigVa, Level::kPte64k, builder::kUnmapped64kPte);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  CHECK(fault_of(bench.read(kVa)) == FaultType::kPte);
}

TEST_CASE("a sparse 64 KiB entry hides the 4 KiB page") {
  CoreBench bench;
  bench.tables.write(kBigVa, Level::kPte64k, builder::kSparsePte);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  CHECK(bench.read(kVa).answer.outcome == Outcome::kSparse);
}

TEST_CASE("a sparse 4 KiB entry is sparse for every access, and only for its page") {
  CoreBench bench;
  bench.tables.write(kVa, Level::kPte4k, builder::kSparsePte);
  CHECK(bench.read(kVa).answer.outcome == Outcome::kSparse);
  CHECK(bench.write(kVa).answer.outcome == Outcome::kSparse);
  CHECK(fault_of(bench.read(kVa + 0x1000)) == FaultType::kPte);
}

TEST_CASE("bits of an invalid entry other than VOL are ignored") {
  CoreBench bench;
  bench.tables.write(kVa, Level::kPte4k, ~(regs::pte::valid.mask() | regs::pte::vol.mask()));
  CHECK(fault_of(bench.read(kVa)) == FaultType::kPte);
}

TEST_CASE("an empty big table without a small table faults with PTE") {
  CoreBench bench;
  bench.tables.write(kBigVa, Level::kPte64k, 0);
  CHECK(fault_of(bench.read(kVa)) == FaultType::kPte);
}

TEST_CASE("a dual entry without tables faults with PDE, with VOL_BIG it is sparse") {
  CoreBench bench;
  bench.tables.write_dual(kHugeVa, {0, 0});
  CHECK(fault_of(bench.read(kVa)) == FaultType::kPde);
  bench.tables.write_dual(kHugeVa, {0, regs::dual_pde::vol_small.mask()});
  CHECK(fault_of(bench.read(kVa)) == FaultType::kPde);
  bench.tables.write_dual(kHugeVa, {regs::dual_pde::vol_big.mask(), 0});
  CHECK(bench.read(kVa).answer.outcome == Outcome::kSparse);
}

TEST_CASE("VOL_BIG with a small table is not sparse") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  const uint64_t low = bench.tables.read(kHugeVa, Level::kPde0);
  bench.tables.write(kHugeVa, Level::kPde0, low | regs::dual_pde::vol_big.mask());
  CHECK(bench.read(kVa).answer.pa == kFrame);
}

TEST_CASE("an invalid directory entry faults with PDE, with VOL it is sparse") {
  const Level level = GENERATE(Level::kPde3, Level::kPde2, Level::kPde1);
  CoreBench bench;
  bench.tables.write(kVa, level, 0);
  CHECK(fault_of(bench.read(kVa)) == FaultType::kPde);
  bench.tables.write(kVa, level, builder::kSparsePde);
  CHECK(bench.read(kVa).answer.outcome == Outcome::kSparse);
}

TEST_CASE("a page entry above PDE0 faults with PDE") {
  const Level level = GENERATE(Level::kPde3, Level::kPde2, Level::kPde1);
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.tables.write(kVa, level, builder::pte_of({.address = kFrame}));
  CHECK(fault_of(bench.read(kVa)) == FaultType::kPde);
}

TEST_CASE("the top of the address space is reached, the first address beyond it is not") {
  CoreBench bench;
  constexpr uint64_t kLast = (uint64_t{1} << 49) - 0x1000;
  bench.tables.map(kLast, Level::kPte4k, {.address = kFrame});
  CHECK(bench.read(kLast).answer.pa == kFrame);
  CHECK(fault_of(bench.read(kLast + 0x1000)) == FaultType::kVaLimitViolation);
  const End far = bench.read(kLast | uint64_t{1} << 63);
  CHECK(fault_of(far) == FaultType::kVaLimitViolation);
  CHECK(far.report->request.va == (kLast | uint64_t{1} << 63));
}

TEST_CASE("tables may lie in any mix of apertures") {
  const PdeAperture first =
      GENERATE(PdeAperture::kVidmem, PdeAperture::kSysCoherent, PdeAperture::kSysNonCoherent);
  CoreBench bench;
  builder::PageTables tables(
      bench.memory, builder::BumpAllocator(
                        0x2000'0000, {first, PdeAperture::kVidmem, PdeAperture::kSysCoherent}));
  bench.instance.set_main(builder::space_of(tables.root()));
  tables.map(kVa, Level::kPte4k, {.address = kFrame});
  tables.map(kBigVa + 0x10000, Level::kPte64k, {.address = kOtherFrame});
  CHECK(bench.read(kVa).answer.pa == kFrame);
  CHECK(bench.read(kBigVa + 0x10000).answer.pa == kOtherFrame);
}

TEST_CASE("a table where no memory is faults with REGION_VIOLATION") {
  const Level level = GENERATE(Level::kPde3, Level::kPde2, Level::kPde1);
  CoreBench bench;
  constexpr uint64_t kEnd = 0x1f'ffff'f000;
  bench.memory.end_at(Aperture::kVidmem, kEnd);
  bench.tables.write(kVa, level, builder::pde_of({kEnd, PdeAperture::kVidmem}));
  CHECK(fault_of(bench.read(kVa)) == FaultType::kRegionViolation);
}

TEST_CASE("directories that point at themselves end after five levels") {
  CoreBench bench;
  const builder::TablePointer root = bench.tables.root();
  for (uint64_t at = 0; at < 4096; at += 8) {
    const uint64_t entry[] = {builder::pde_of(root)};
    bench.memory.write(Aperture::kVidmem, root.address + at, std::as_bytes(std::span(entry)));
  }
  fault_of(bench.read(kVa));
  CHECK(bench.reads.reads() <= 2 + 12);  // the instance block, and the walk twice
}

}  // namespace faultline::rtl::test
