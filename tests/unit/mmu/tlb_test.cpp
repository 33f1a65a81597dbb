// SPDX-License-Identifier: MIT
// Translations are kept until they are invalidated or displaced.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace {

constexpr uint64_t kNewFrame = 0x6'0000'0000;
constexpr uint64_t kPage = 0x1000;

/// Pages at kVa, kVa + 4 KiB, ... at frames that follow each other.
void map_pages(Bench& bench, unsigned count, uint64_t frame = kFrame) {
  for (unsigned i = 0; i < count; ++i)
    bench.tables.map(kVa + i * kPage, Level::kPte4k, {.address = frame + i * kPage});
}

}  // namespace

TEST_CASE("a second access hits without reading tables", "[model]") {
  Bench bench;
  map_pages(bench, 1);
  bench.read(kVa);
  const Statistics before = bench.gmmu.statistics();
  CHECK(bench.read(kVa + 8).pa == kFrame + 8);
  CHECK(bench.gmmu.statistics().hits == before.hits + 1);
  CHECK(bench.gmmu.statistics().entries_read == before.entries_read);
}

TEST_CASE("a stale translation persists until it is invalidated", "[caches]") {
  const Level size = GENERATE(Level::kPte4k, Level::kPte64k, Level::kPde0);
  Bench bench;
  const uint64_t va = kVa >> shift_of(size) << shift_of(size);
  bench.tables.map(va, size, {.address = 0x5'0000'0000});
  bench.read(va);
  bench.tables.map(va, size, {.address = kNewFrame});
  CHECK(bench.read(va).pa == 0x5'0000'0000);
  bench.invalidate_everything();
  CHECK(bench.read(va).pa == kNewFrame);
}

TEST_CASE("a stale translation survives the page's unmapping", "[caches]") {
  Bench bench;
  map_pages(bench, 1);
  bench.read(kVa);
  bench.tables.write(kVa, Level::kPte4k, 0);
  CHECK(bench.read(kVa).outcome == Outcome::kTranslated);
  bench.invalidate_everything();
  CHECK(bench.read(kVa).outcome == Outcome::kParked);
}

TEST_CASE("what did not translate is not kept") {
  Bench bench;
  CHECK(bench.read(kVa).outcome == Outcome::kParked);
  map_pages(bench, 1);
  CHECK(bench.read(kVa).outcome == Outcome::kTranslated);
}

TEST_CASE("sparse is not kept") {
  Bench bench;
  bench.tables.write(kVa, Level::kPte4k, builder::kSparsePte);
  CHECK(bench.read(kVa).outcome == Outcome::kSparse);
  map_pages(bench, 1);
  CHECK(bench.read(kVa).outcome == Outcome::kTranslated);
}

TEST_CASE("a page that comes to allow more needs no invalidate") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  CHECK(bench.read(kVa).outcome == Outcome::kTranslated);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  CHECK(bench.write(kVa).outcome == Outcome::kTranslated);
}

TEST_CASE("a page that comes to allow less needs one", "[caches]") {
  Bench bench;
  map_pages(bench, 1);
  CHECK(bench.write(kVa).outcome == Outcome::kTranslated);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  CHECK(bench.write(kVa).outcome == Outcome::kTranslated);
  bench.invalidate_everything();
  CHECK(bench.write(kVa).outcome == Outcome::kParked);
}

TEST_CASE("the L2 TLB serves the uTLBs of all GPCs", "[model]") {
  Bench bench;
  map_pages(bench, 1);
  bench.read(kVa);
  Requester other = bench.stream();
  other.gpc = 2;
  const uint64_t walks = bench.gmmu.statistics().walks;
  CHECK(bench.gmmu.translate(bench.request_by(other, kVa)).pa == kFrame);
  CHECK(bench.gmmu.statistics().walks == walks);
  CHECK(bench.gmmu.statistics().l2_hits == 1);
}

TEST_CASE("a full uTLB displaces the least recently used page of a set", "[model]") {
  Bench bench({.utlb_entries = 2, .l2_sets = 0, .l2_ways = 0});
  map_pages(bench, 3);
  bench.read(kVa);
  bench.read(kVa + kPage);
  bench.read(kVa);
  bench.read(kVa + 2 * kPage);
  const uint64_t walks = bench.gmmu.statistics().walks;
  bench.read(kVa);
  CHECK(bench.gmmu.statistics().walks == walks);
  bench.read(kVa + kPage);
  CHECK(bench.gmmu.statistics().walks == walks + 1);
}

TEST_CASE("the PDE cache shortens a walk to the page tables", "[caches]") {
  Bench bench({.utlb_entries = 0, .l2_sets = 0, .l2_ways = 0});
  map_pages(bench, 2);
  bench.read(kVa);
  const uint64_t entries = bench.gmmu.statistics().entries_read;
  CHECK(entries == 5);
  bench.read(kVa + kPage);
  CHECK(bench.gmmu.statistics().entries_read == entries + 1);
}

TEST_CASE("structures of no entries keep nothing", "[model]") {
  Bench bench({.utlb_entries = 0, .l2_sets = 0, .l2_ways = 0, .pde_cache_entries = 0});
  map_pages(bench, 1);
  for (uint64_t turn = 1; turn <= 3; ++turn) {
    CHECK(bench.read(kVa).pa == kFrame);
    CHECK(bench.gmmu.statistics().entries_read == 5 * turn);
  }
}

TEST_CASE("a stale directory entry persists until it is invalidated", "[caches]") {
  Bench bench({.utlb_entries = 0, .l2_sets = 0, .l2_ways = 0});
  map_pages(bench, 1);
  bench.read(kVa);
  const uint64_t old = bench.tables.read(kVa, Level::kPde1);
  bench.tables.write(kVa, Level::kPde1, 0);
  bench.tables.map(kVa, Level::kPte4k, {.address = kNewFrame});
  CHECK(bench.tables.read(kVa, Level::kPde1) != old);
  CHECK(bench.read(kVa).pa == kFrame);
  bench.invalidate_everything();
  CHECK(bench.read(kVa).pa == kNewFrame);
}

TEST_CASE("no fault is taken from a cached directory entry") {
  Bench bench({.utlb_entries = 0, .l2_sets = 0, .l2_ways = 0});
  map_pages(bench, 1);
  bench.read(kVa);
  const uint64_t big = kVa & ~uint64_t{0xffff};
  bench.tables.map(big + 0x10000, Level::kPte64k, {.address = kNewFrame});
  CHECK(bench.read(big + 0x10000).pa == kNewFrame);
}

TEST_CASE("CACHE_MODE and PDE_CACHE_MODE off keep nothing") {
  Bench bench;
  map_pages(bench, 1);
  namespace ctrl = regs::mmu_ctrl;
  uint32_t word = ctrl::cache_mode.set(bench.get(ctrl::kOffset), regs::CacheMode::kOff);
  bench.set(ctrl::kOffset, ctrl::pde_cache_mode.set(word, regs::CacheMode::kOff));
  bench.read(kVa);
  bench.read(kVa);
  CHECK(bench.gmmu.statistics().entries_read == 10);
}

TEST_CASE("address spaces do not see each other's translations") {
  Bench bench;
  map_pages(bench, 1);
  bench.read(kVa);
  builder::PageTables other(bench.memory,
                            builder::BumpAllocator(0x3000'0000, {regs::PdeAperture::kVidmem}));
  other.map(kVa, Level::kPte4k, {.address = kNewFrame});
  builder::InstanceBlock block(bench.memory, {.address = kInstance + 0x10'0000});
  block.set_main(builder::space_of(other.root()));
  block.set_subcontext(0, builder::space_of(other.root()));
  Requester who = bench.stream();
  who.instance = block.pointer();
  for (int turn = 0; turn < 2; ++turn) {
    CHECK(bench.gmmu.translate(bench.request_by(who, kVa)).pa == kNewFrame);
    CHECK(bench.read(kVa).pa == kFrame);
  }
}

TEST_CASE("no refusal is taken from a cached directory entry", "[caches]") {
  Bench bench({.utlb_entries = 0, .l2_sets = 0, .l2_ways = 0});
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  CHECK(bench.read(kVa).outcome == Outcome::kTranslated);
  bench.tables.write(kVa, Level::kPde1, 0);
  map_pages(bench, 1, kNewFrame);
  // Through the old table the page is read-only still.
  CHECK(bench.read(kVa).pa == kFrame);
  CHECK(bench.write(kVa).pa == kNewFrame);
}

TEST_CASE("a write that a cached page refuses is looked up afresh in all TLBs it uses",
          "[caches]") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  bench.read(kVa);
  Requester other = bench.stream();
  other.gpc = 2;
  bench.gmmu.translate(bench.request_by(other, kVa));
  map_pages(bench, 1, kNewFrame);
  CHECK(bench.write(kVa).pa == kNewFrame);
  CHECK(bench.read(kVa).pa == kNewFrame);
  // The other uTLB was not asked to write: its translation is stale still.
  CHECK(bench.gmmu.translate(bench.request_by(other, kVa)).pa == kFrame);
}

TEST_CASE("requesters of one address space share what is kept, whatever their instance block") {
  Bench bench;
  map_pages(bench, 1);
  bench.read(kVa);
  builder::InstanceBlock block(bench.memory, {.address = kInstance + 0x10'0000});
  block.set_subcontext(0, builder::space_of(bench.tables.root()));
  Requester who = bench.stream();
  who.instance = block.pointer();
  const uint64_t walks = bench.gmmu.statistics().walks;
  CHECK(bench.gmmu.translate(bench.request_by(who, kVa)).pa == kFrame);
  CHECK(bench.gmmu.statistics().walks == walks);
}

TEST_CASE("a write of MMU_CTRL empties the TLBs and the PDE cache") {
  Bench bench;
  map_pages(bench, 1);
  bench.read(kVa);
  const uint64_t entries = bench.gmmu.statistics().entries_read;
  bench.set(regs::mmu_ctrl::kOffset, bench.get(regs::mmu_ctrl::kOffset));
  bench.read(kVa);
  CHECK(bench.gmmu.statistics().entries_read == entries + 5);
}

}  // namespace faultline::mmu::test
