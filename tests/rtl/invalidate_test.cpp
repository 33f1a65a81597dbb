// SPDX-License-Identifier: MIT
// What an invalidate drops in the RTL, and what its end means.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/rtl/core_bench.hpp"

namespace faultline::rtl::test {

namespace {

constexpr uint64_t kOtherFrame = 0x6'0000'0000;

/// Maps a page, makes it known, and maps it elsewhere.
void make_stale(CoreBench& bench, uint64_t va, Level level = Level::kPte4k) {
  bench.tables.map(va, level, {.address = kFrame & ~uint64_t{0x1f'ffff}});
  bench.read(va);
  bench.tables.map(va, level, {.address = kOtherFrame});
}

bool is_stale(CoreBench& bench, uint64_t va, unsigned port = 0) {
  return bench.read(va, port).answer.pa < kOtherFrame;
}

}  // namespace

TEST_CASE("an invalidate of one page leaves its neighbours") {
  CoreBench bench;
  for (const uint64_t va : {kVa - 0x1000, kVa, kVa + 0x1000}) make_stale(bench, va);
  bench.invalidate_page(kVa);
  CHECK(is_stale(bench, kVa - 0x1000));
  CHECK_FALSE(is_stale(bench, kVa));
  CHECK(is_stale(bench, kVa + 0x1000));
}

TEST_CASE("an invalidate of one address inside a large page hits the page") {
  const Level level = GENERATE(Level::kPte64k, Level::kPde0);
  CoreBench bench;
  const uint64_t bytes = uint64_t{1} << mmu::shift_of(level);
  const uint64_t va = kVa / bytes * bytes;
  make_stale(bench, va, level);
  bench.invalidate_page(va + bytes);
  CHECK(is_stale(bench, va));
  bench.invalidate_page(va + bytes - 0x1000);
  CHECK_FALSE(is_stale(bench, va));
}

TEST_CASE("a region is a power of two of pages, aligned to its size") {
  CoreBench bench;
  constexpr uint64_t kFirst = kBigVa;
  for (unsigned i = 0; i < 6; ++i) make_stale(bench, kFirst + i * 0x1000);
  Invalidate operation = bench.operation_on_tables();
  operation.va = kFirst + 0x3000;
  operation.size = 2;
  bench.invalidate(operation);
  for (unsigned i = 0; i < 6; ++i) CHECK(is_stale(bench, kFirst + i * 0x1000) == (i >= 4));
  operation.size = 63;
  bench.invalidate(operation);
  CHECK_FALSE(is_stale(bench, kFirst + 0x5000));
}

TEST_CASE("an address above all pages hits none") {
  CoreBench bench;
  make_stale(bench, kVa);
  Invalidate operation = bench.operation_on_tables();
  operation.va = kVa | uint64_t{1} << 50;
  bench.invalidate(operation);
  CHECK(is_stale(bench, kVa));
}

TEST_CASE("an invalidate of another address space leaves this one, ALL_PDB does not") {
  CoreBench bench;
  make_stale(bench, kVa);
  Invalidate operation = bench.operation_on_tables();
  operation.all_va = true;
  operation.pdb += 0x1000;
  bench.invalidate(operation);
  CHECK(is_stale(bench, kVa));
  operation.pdb -= 0x1000;
  operation.pdb_in_sysmem = true;
  bench.invalidate(operation);
  CHECK(is_stale(bench, kVa));
  operation.pdb_in_sysmem = false;
  bench.invalidate(operation);
  CHECK_FALSE(is_stale(bench, kVa));
  make_stale(bench, kVa + 0x1000);
  operation.pdb = 0;
  operation.all_pdb = true;
  bench.invalidate(operation);
  CHECK_FALSE(is_stale(bench, kVa + 0x1000));
}

TEST_CASE("HUBTLB_ONLY leaves the uTLBs, and drops what is behind them") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa, 0);
  bench.read(kVa, kHubPort);
  bench.tables.map(kVa, Level::kPte4k, {.address = kOtherFrame});
  Invalidate operation = bench.operation_on_tables();
  operation.va = kVa;
  operation.hubtlb_only = true;
  bench.invalidate(operation);
  CHECK(is_stale(bench, kVa, 0));
  CHECK_FALSE(is_stale(bench, kVa, 1));
  CHECK_FALSE(is_stale(bench, kVa, kHubPort));
}

TEST_CASE("directory entries go up to the level that is named") {
  struct Case {
    regs::CacheLevel level;
    uint64_t reads;
  };
  using enum regs::CacheLevel;
  const auto [level, reads] =
      GENERATE(Case{kPteOnly, 1}, Case{kUpToPde0, 2}, Case{kUpToPde1, 3}, Case{kUpToPde2, 4},
               Case{kUpToPde3, 5}, Case{kAll, 5}, Case{kUpToPde5, 5});
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  bench.invalidate_page(kVa, level);
  const uint64_t before = bench.reads.reads();
  bench.read(kVa);
  CHECK(bench.reads.reads() - before == reads);
}

TEST_CASE("bindings go with the whole of their address space, or alone") {
  CoreBench bench;
  builder::PageTables others(
      bench.memory, builder::BumpAllocator(0x4000'0000, {regs::PdeAperture::kSysCoherent}));
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  others.map(kVa, Level::kPte4k, {.address = kOtherFrame});
  bench.read(kVa);
  bench.instance.set_main(builder::space_of(others.root()));
  CHECK(bench.read(kVa).answer.pa == kFrame);
  bench.invalidate_page(kVa);
  CHECK(bench.read(kVa).answer.pa == kFrame);
  SECTION("the address space") {
    Invalidate operation = bench.operation_on_tables();
    operation.all_va = true;
    bench.invalidate(operation);
  }
  SECTION("alone") { bench.invalidate({.bindings_only = true}); }
  CHECK(bench.read(kVa).answer.pa == kOtherFrame);
}

TEST_CASE("bindings alone leave the pages") {
  CoreBench bench;
  make_stale(bench, kVa);
  bench.invalidate({.bindings_only = true});
  CHECK(is_stale(bench, kVa));
}

TEST_CASE("a walk that an invalidate came into is walked again") {
  CoreBench bench;
  bench.reads.set_latency(40);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  // The invalidate comes when the walk has read some of its levels, each in turn.
  for (unsigned delay = 1; delay < 250; delay += 7) {
    bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
    bench.invalidate_everything();
    const unsigned ticket = bench.send(bench.request(kVa));
    bench.run(delay);
    bench.tables.map(kVa, Level::kPte4k, {.address = kOtherFrame});
    const bool before = bench.ended(ticket);
    const uint64_t cycles = bench.invalidate_page(kVa);
    CAPTURE(delay);
    CHECK(cycles < 160);  // a read of the instance block may hold it up, the walk does not
    bench.finish();
    if (!before) CHECK(bench.end_of(ticket).answer.pa == kOtherFrame);
    CHECK(bench.read(kVa).answer.pa == kOtherFrame);
  }
}

TEST_CASE("an invalidate is not done while a client has not taken an older answer") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  const bool hits = GENERATE(true, false);
  CAPTURE(hits);
  if (hits) bench.read(kVa);
  bench.refuse_responses(true);
  const unsigned ticket = bench.send(bench.request(kVa));
  bench.run(hits ? 5 : 100);
  CHECK_THROWS(bench.invalidate_everything());
  bench.refuse_responses(false);
  bench.finish();
  CHECK(bench.end_of(ticket).answer.pa == kFrame);
}

TEST_CASE("hits of other pages go on during an invalidate") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  std::vector<unsigned> tickets;
  for (unsigned i = 0; i < 60; ++i) tickets.push_back(bench.send(bench.request(kVa)));
  const uint64_t cycles = bench.invalidate_page(kVa + 0x10'0000);
  unsigned ended = 0;
  for (const unsigned ticket : tickets) ended += bench.ended(ticket);
  CHECK(ended + 4 >= cycles);
  bench.finish();
}

}  // namespace faultline::rtl::test
