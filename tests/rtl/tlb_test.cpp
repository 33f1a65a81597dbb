// SPDX-License-Identifier: MIT
// What the RTL keeps, and for how long.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/rtl/core_bench.hpp"

namespace faultline::rtl::test {

namespace {

constexpr uint64_t kOtherFrame = 0x6'0000'0000;

uint64_t reads_of(CoreBench& bench, const std::function<void()>& action) {
  const uint64_t before = bench.reads.reads();
  action();
  return bench.reads.reads() - before;
}

}  // namespace

TEST_CASE("a second access hits without reading tables") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  CHECK(reads_of(bench, [&] { CHECK(bench.read(kVa + 8).answer.pa == kFrame + 8); }) == 0);
}

TEST_CASE("a stale translation persists until it is invalidated") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  bench.tables.map(kVa, Level::kPte4k, {.address = kOtherFrame});
  CHECK(bench.read(kVa).answer.pa == kFrame);
  bench.invalidate_page(kVa);
  CHECK(bench.read(kVa).answer.pa == kOtherFrame);
  bench.tables.write(kVa, Level::kPte4k, 0);
  CHECK(bench.read(kVa).answer.pa == kOtherFrame);
  bench.invalidate_page(kVa);
  CHECK(bench.read(kVa).answer.outcome == Outcome::kFaulted);
}

TEST_CASE("what did not translate is not kept, nor what is sparse") {
  CoreBench bench;
  bench.tables.write(kVa, Level::kPte4k, 0);
  CHECK(bench.read(kVa).answer.outcome == Outcome::kFaulted);
  bench.tables.write(kVa, Level::kPte4k, builder::kSparsePte);
  CHECK(bench.read(kVa).answer.outcome == Outcome::kSparse);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  CHECK(bench.read(kVa).answer.pa == kFrame);
}

TEST_CASE("a page that comes to allow more needs no invalidate, one that allows less does") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  bench.read(kVa);
  CHECK(bench.write(kVa).answer.fault_type == static_cast<uint8_t>(FaultType::kRoViolation));
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  CHECK(bench.write(kVa).answer.outcome == Outcome::kTranslated);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  CHECK(bench.write(kVa).answer.outcome == Outcome::kTranslated);
  bench.invalidate_page(kVa);
  CHECK(bench.write(kVa).answer.outcome == Outcome::kFaulted);
}

TEST_CASE("the L2 TLB serves all ports") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa, 0);
  CHECK(reads_of(bench, [&] {
          CHECK(bench.read(kVa, 1).answer.pa == kFrame);
          CHECK(bench.read(kVa, kHubPort).answer.pa == kFrame);
        }) == 0);
}

TEST_CASE("more pages than a TLB has entries all translate, and the L2 TLB knows the older ones") {
  CoreBench bench;
  constexpr unsigned kPages = 24;
  for (unsigned i = 0; i < kPages; ++i)
    bench.tables.map(kVa + i * 0x1000, Level::kPte4k, {.address = kFrame + i * 0x1000});
  for (unsigned i = 0; i < kPages; ++i) bench.read(kVa + i * 0x1000);
  CHECK(reads_of(bench, [&] {
          for (unsigned i = 0; i < kPages; ++i)
            CHECK(bench.read(kVa + i * 0x1000).answer.pa == kFrame + i * 0x1000);
        }) == 0);
}

TEST_CASE("a large page is one entry for all of its addresses") {
  const Level level = GENERATE(Level::kPte64k, Level::kPde0);
  CoreBench bench;
  const uint64_t bytes = uint64_t{1} << mmu::shift_of(level);
  const uint64_t va = kVa / bytes * bytes;
  bench.tables.map(va, level, {.address = 0x5'0000'0000});
  bench.read(va);
  CHECK(reads_of(bench, [&] {
          CHECK(bench.read(va + bytes - 1).answer.pa == 0x5'0000'0000 + bytes - 1);
          CHECK(bench.read(va + bytes / 2, 1).answer.pa == 0x5'0000'0000 + bytes / 2);
        }) == 0);
}

TEST_CASE("a stale small page and the large one that replaced it do not mix") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  bench.tables.map(kHugeVa, Level::kPde0, {.address = 0x5'0000'0000});
  bench.invalidate_page(kHugeVa);  // the directory entry, and not kVa's page
  const uint64_t other = kVa + 0x1000;
  CHECK(bench.read(other).answer.pa == 0x5'0000'0000 + (other - kHugeVa));
  const uint64_t pa = bench.read(kVa).answer.pa;
  CHECK((pa == kFrame || pa == 0x5'0000'0000 + (kVa - kHugeVa)));
}

TEST_CASE("address spaces do not see each other's translations") {
  CoreBench bench;
  builder::PageTables others(
      bench.memory, builder::BumpAllocator(0x4000'0000, {regs::PdeAperture::kSysCoherent}));
  builder::InstanceBlock other(bench.memory,
                               {.address = 0x7000, .aperture = Aperture::kSysCoherent});
  other.set_main(builder::space_of(others.root()));
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  others.map(kVa, Level::kPte4k, {.address = kOtherFrame});
  Request there = bench.request(kVa);
  there.requester.instance = other.pointer();
  for (unsigned i = 0; i < 3; ++i) {
    CHECK(bench.read(kVa).answer.pa == kFrame);
    CHECK(bench.translate(there).answer.pa == kOtherFrame);
  }
}

TEST_CASE("the PDE cache shortens a walk to the page table") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.tables.map(kVa + 0x1000, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  CHECK(reads_of(bench, [&] { bench.read(kVa + 0x1000); }) == 1);
}

TEST_CASE("no fault and no refusal is taken from a cached directory entry") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  bench.tables.map(kVa + 0x1000, Level::kPte4k, {.address = kFrame, .read_only = true});
  bench.read(kVa);
  // A new table in which both pages exist and may be written; the old one refuses.
  const uint64_t old_dual = bench.tables.read(kHugeVa, Level::kPde0);
  bench.tables.write_dual(kHugeVa, {0, 0});
  bench.tables.map(kVa + 0x1000, Level::kPte4k, {.address = kOtherFrame});
  bench.tables.map(kVa + 0x2000, Level::kPte4k, {.address = kOtherFrame + 0x1000});
  CHECK(bench.tables.read(kHugeVa, Level::kPde0) == old_dual);
  CHECK(bench.write(kVa + 0x1000).answer.pa == kOtherFrame);
  CHECK(bench.read(kVa + 0x2000).answer.pa == kOtherFrame + 0x1000);
}

TEST_CASE("CACHE_MODE off keeps no pages, PDE_CACHE_MODE off no directory entries") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.set_modes({.cache_off = true});
  bench.read(kVa);
  CHECK(reads_of(bench, [&] { bench.read(kVa); }) == 1);
  bench.set_modes({.cache_off = true, .pde_cache_off = true});
  CHECK(reads_of(bench, [&] { bench.read(kVa); }) == 5);
}

}  // namespace faultline::rtl::test
