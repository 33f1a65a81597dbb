// SPDX-License-Identifier: MIT
// Which entries an invalidate hits, and which it leaves.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace op = regs::mmu_invalidate;
using regs::CacheLevel;

namespace {

constexpr uint64_t kNewFrame = 0x6'0000'0000;
constexpr uint64_t kPage = 0x1000;

/// One page read, then its entry changed: reads tell whether the translation was kept.
class StalePage {
 public:
  explicit StalePage(Bench& bench, uint64_t va = kVa) : bench_(bench), va_(va) {
    bench_.tables.map(va_, Level::kPte4k, {.address = kFrame});
    bench_.read(va_);
    bench_.tables.map(va_, Level::kPte4k, {.address = kNewFrame});
  }
  bool is_kept() { return bench_.read(va_).pa == kFrame; }

 private:
  Bench& bench_;
  uint64_t va_;
};

/// Whether the directory entry of `level` for kVa is still used after `operation`.
bool keeps_directory(Level level, uint32_t operation) {
  Bench bench({.utlb_entries = 0, .l2_sets = 0, .l2_ways = 0});
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  if (level == Level::kPde0)
    bench.tables.write_dual(kVa, {});
  else
    bench.tables.write(kVa, level, 0);
  bench.tables.map(kVa, Level::kPte4k, {.address = kNewFrame});
  bench.select(bench.tables.root(), kVa);
  bench.invalidate(operation);
  return bench.read(kVa).pa == kFrame;
}

}  // namespace

TEST_CASE("an invalidate of one page leaves its neighbours", "[caches]") {
  Bench bench;
  StalePage before(bench, kVa - kPage);
  StalePage hit(bench, kVa);
  StalePage after(bench, kVa + kPage);
  bench.select(bench.tables.root(), kVa);
  bench.invalidate(0);
  CHECK(before.is_kept());
  CHECK_FALSE(hit.is_kept());
  CHECK(after.is_kept());
}

TEST_CASE("without TRIGGER nothing happens", "[caches]") {
  Bench bench;
  StalePage page(bench);
  bench.set(op::kOffset, op::all_va.mask() | op::all_pdb.mask());
  CHECK(page.is_kept());
  CHECK(bench.gmmu.statistics().invalidates == 0);
}

TEST_CASE("an invalidate of one address inside a large page hits the page") {
  Bench bench;
  const uint64_t va = kVa & ~uint64_t{0x1f'ffff};
  bench.tables.map(va, Level::kPde0, {.address = 0x5'0000'0000});
  bench.read(va);
  bench.tables.map(va, Level::kPde0, {.address = kNewFrame});
  bench.select(bench.tables.root(), va + 0x12'3000);
  bench.invalidate(0);
  CHECK(bench.read(va).pa == kNewFrame);
}

TEST_CASE("USE_SIZE invalidates an aligned power of two of pages", "[caches]") {
  Bench bench;
  constexpr uint64_t kRegion = 16 * kPage;
  constexpr uint64_t kStart = kVa / kRegion * kRegion;
  StalePage below(bench, kStart - kPage);
  StalePage first(bench, kStart);
  StalePage last(bench, kStart + kRegion - kPage);
  StalePage above(bench, kStart + kRegion);
  // The address is rounded down to the size.
  bench.select(bench.tables.root(), kStart + 5 * kPage);
  bench.set(regs::mmu_invalidate_size::kOffset, 4);
  bench.invalidate(op::use_size.mask());
  CHECK(below.is_kept());
  CHECK_FALSE(first.is_kept());
  CHECK_FALSE(last.is_kept());
  CHECK(above.is_kept());
}

TEST_CASE("the largest size is everything") {
  Bench bench;
  StalePage page(bench);
  bench.select(bench.tables.root(), 0);
  bench.set(regs::mmu_invalidate_size::kOffset, 0x3f);
  bench.invalidate(op::use_size.mask());
  CHECK_FALSE(page.is_kept());
}

TEST_CASE("SIZE counts with USE_SIZE only", "[caches]") {
  Bench bench;
  StalePage page(bench);
  bench.select(bench.tables.root(), kVa + kPage);
  bench.set(regs::mmu_invalidate_size::kOffset, 20);
  bench.invalidate(0);
  CHECK(page.is_kept());
}

TEST_CASE("an invalidate of another address space leaves this one, ALL_PDB does not", "[caches]") {
  Bench bench;
  StalePage page(bench);
  builder::TablePointer other = bench.tables.root();
  SECTION("another address") { other.address += kPage; }
  SECTION("an address that differs above bit 40") { other.address += uint64_t{1} << 40; }
  SECTION("the same address in system memory") { other.aperture = regs::PdeAperture::kSysCoherent; }
  bench.select(other, kVa);
  bench.invalidate(op::all_va.mask());
  CHECK(page.is_kept());
  bench.invalidate(op::all_va.mask() | op::all_pdb.mask());
  CHECK_FALSE(page.is_kept());
}

TEST_CASE("bit 0 of the PDB register means nothing") {
  Bench bench;
  StalePage page(bench);
  bench.select(bench.tables.root(), kVa);
  namespace pdb = regs::mmu_invalidate_pdb;
  bench.set(pdb::kOffset, bench.get(pdb::kOffset) | 1);
  bench.invalidate(op::all_va.mask());
  CHECK_FALSE(page.is_kept());
}

TEST_CASE("a page-directory base in system memory is matched whether snooped or not") {
  const auto aperture =
      GENERATE(regs::PdeAperture::kSysCoherent, regs::PdeAperture::kSysNonCoherent);
  Bench bench;
  builder::PageTables tables(bench.memory, builder::BumpAllocator(0x2000'0000, {aperture}));
  bench.instance.set_subcontext(0, builder::space_of(tables.root()));
  tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  tables.map(kVa, Level::kPte4k, {.address = kNewFrame});
  bench.select(tables.root(), kVa);
  bench.invalidate(0);
  CHECK(bench.read(kVa).pa == kNewFrame);
}

TEST_CASE("HUBTLB_ONLY leaves the uTLBs and replays nothing", "[model]") {
  Bench bench;
  StalePage page(bench);
  const uint64_t other = kVa + 0x100'0000;
  bench.park(other, 7);
  Requester ce = bench.copy();
  bench.tables.map(other, Level::kPte4k, {.address = kFrame});
  bench.gmmu.translate(bench.request_by(ce, other));
  bench.tables.map(other, Level::kPte4k, {.address = kNewFrame});
  bench.invalidate(op::all_va.mask() | op::all_pdb.mask() | op::hubtlb_only.mask() |
                   op::replay.set(0, regs::ReplayOp::kStart));
  CHECK(page.is_kept());
  CHECK(bench.said.answers.empty());
  CHECK(bench.gmmu.translate(bench.request_by(ce, other)).pa == kNewFrame);
}

TEST_CASE("directory entries go up to the level that is named", "[caches]") {
  struct Case {
    CacheLevel level;
    unsigned highest;  // shift of the highest directory entry that goes
  };
  const auto [level, highest] =
      GENERATE(Case{CacheLevel::kPteOnly, 0}, Case{CacheLevel::kUpToPde0, 21},
               Case{CacheLevel::kUpToPde1, 29}, Case{CacheLevel::kUpToPde2, 38},
               Case{CacheLevel::kUpToPde3, 47}, Case{CacheLevel::kAll, 47});
  const bool by_address = GENERATE(false, true);
  const uint32_t operation = op::cache_level.set(by_address ? 0 : op::all_va.mask(), level);
  // An entry that goes is read again from its own directory, whose pointer is still cached unless
  // it went too: below PDE3 the change is seen as soon as that one entry goes.
  CHECK(keeps_directory(Level::kPde0, operation) == (highest < 21));
  CHECK(keeps_directory(Level::kPde1, operation) == (highest < 29));
  CHECK(keeps_directory(Level::kPde2, operation) == (highest < 38));
  CHECK(keeps_directory(Level::kPde3, operation) == (highest < 47));
}

TEST_CASE("every level invalidates pages, of all sizes") {
  const auto level = GENERATE(CacheLevel::kAll, CacheLevel::kPteOnly, CacheLevel::kUpToPde2);
  const Level size = GENERATE(Level::kPte4k, Level::kPte64k, Level::kPde0);
  Bench bench;
  const uint64_t va = kVa >> shift_of(size) << shift_of(size);
  bench.tables.map(va, size, {.address = 0x5'0000'0000});
  bench.read(va);
  bench.tables.map(va, size, {.address = kNewFrame});
  bench.select(bench.tables.root(), va);
  bench.invalidate(op::cache_level.set(0, level));
  CHECK(bench.read(va).pa == kNewFrame);
}

TEST_CASE("an invalidate is done when the write returns") {
  Bench bench;
  const auto ack =
      GENERATE(regs::AckType::kNoneRequired, regs::AckType::kGlobally, regs::AckType::kIntranode);
  namespace ctrl = regs::mmu_ctrl;
  for (int i = 0; i < 100; ++i) bench.invalidate(op::ack.set(op::sys_membar.mask(), ack));
  const uint32_t word = bench.get(ctrl::kOffset);
  CHECK(ctrl::pri_fifo_empty.get(word) == 1);
  CHECK(ctrl::pri_fifo_space.get(word) == 32);
  CHECK(ctrl::pri_fifo_error.get(word) == 0);
  CHECK(bench.gmmu.statistics().invalidates == 100);
}

TEST_CASE("TRIGGER reads 0, the other fields as written") {
  Bench bench;
  bench.invalidate(op::all_va.mask());
  CHECK(bench.get(op::kOffset) == op::all_va.mask());
}

}  // namespace faultline::mmu::test
