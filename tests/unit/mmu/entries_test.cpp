// SPDX-License-Identifier: MIT
// The entries that the published driver's own unit test lists, both ways: as the builder makes
// them, and as the walk reads them.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

using builder::dual_pde_of;
using builder::DualEntry;
using builder::pde_of;
using builder::pte_of;
using builder::Volatile;
using regs::PdeAperture;
using regs::PteAperture;

namespace {

constexpr uint64_t kSys = 0x399999999999000;
constexpr uint64_t kVid = 0x1BBBBBB000;
constexpr uint64_t kSysBig = 0x399999999999900;
constexpr uint64_t kVidBig = 0x1BBBBBBB00;

/// What a read of kVa gives if its 4 KiB entry is `entry`.
Answer read_through(uint64_t entry) {
  Bench bench;
  bench.tables.write(kVa, Level::kPte4k, entry);
  return bench.read(kVa);
}

}  // namespace

TEST_CASE("published directory entries") {
  CHECK(pde_of({kSys, PdeAperture::kSysCoherent}, Volatile::kYes) == 0x003999999999990C);
  CHECK(pde_of({kVid, PdeAperture::kVidmem}, Volatile::kYes) == 0x00000001BBBBBB0A);
}

TEST_CASE("published dual entries") {
  CHECK(dual_pde_of({kSysBig, PdeAperture::kSysCoherent}, {kVid, PdeAperture::kVidmem},
                    Volatile::kYes,
                    Volatile::kYes) == DualEntry{0x003999999999999C, 0x00000001BBBBBB0A});
  CHECK(dual_pde_of({kVidBig, PdeAperture::kVidmem}, {kSys, PdeAperture::kSysCoherent},
                    Volatile::kYes,
                    Volatile::kYes) == DualEntry{0x00000001BBBBBBBA, 0x003999999999990C});
}

TEST_CASE("published pages") {
  const Page sys{.address = kSys, .aperture = PteAperture::kSysCoherent};
  Page page = sys;
  page.vol = true;
  CHECK(pte_of(page) == 0x003999999999990D);
  CHECK(pte_of(sys) == 0x0039999999999905);
  page = sys;
  page.atomic_disable = true;
  CHECK(pte_of(page) == 0x0039999999999985);
  page.read_only = true;
  CHECK(pte_of(page) == 0x00399999999999C5);
  CHECK(pte_of({.address = kVid, .read_only = true, .atomic_disable = true}) == 0x1BBBBBBC1);
  CHECK(pte_of({.address = kVid,
                .aperture = PteAperture::kPeer,
                .read_only = true,
                .atomic_disable = true}) == 0x1BBBBBBC3);
  CHECK(pte_of({.address = 0x5BBBBBBBB000,
                .aperture = PteAperture::kPeer,
                .read_only = true,
                .atomic_disable = true}) == 0x2DD1BBBBBBC3);
  CHECK(builder::kUnmapped64kPte == 0x20);
  CHECK(builder::kSparsePte == 0x08);
}

TEST_CASE("the walk reads published pages in system memory") {
  const Answer answer = read_through(0x00399999999999C5);
  CHECK(answer.outcome == Outcome::kTranslated);
  CHECK(answer.pa == kSys);
  CHECK(answer.aperture == Aperture::kSysCoherent);
  CHECK(answer.read_only);
  CHECK(answer.atomic_disable);
  CHECK_FALSE(answer.vol);
  CHECK(read_through(0x003999999999990D).vol);
}

TEST_CASE("the walk reads published pages in video and peer memory") {
  const Answer vid = read_through(0x1BBBBBBC1);
  CHECK(vid.pa == kVid);
  CHECK(vid.aperture == Aperture::kVidmem);
  const Answer peer = read_through(0x2DD1BBBBBBC3);
  CHECK(peer.pa == 0x5BBBBBBBB000);
  CHECK(peer.aperture == Aperture::kPeer);
  CHECK(peer.peer == 0);
  CHECK(read_through(0x1BBBBBBC3 | uint64_t{5} << 33).peer == 5);
}

TEST_CASE("the walk follows published directory entries") {
  Bench bench;
  const uint64_t next = builder::pde_of({kVid, PdeAperture::kVidmem});
  bench.tables.write(kVa, Level::kPde1, 0x003999999999990C);
  // PDE0 of kVa in the table at kSys, then the 4 KiB table at kVid.
  const uint64_t pde0 = kSys + (kVa >> 21) % 256 * 16;
  const uint64_t dual[] = {0, next};
  bench.memory.write(Aperture::kSysCoherent, pde0, std::as_bytes(std::span(dual)));
  const uint64_t pte[] = {pte_of({.address = kFrame})};
  bench.memory.write(Aperture::kVidmem, kVid + (kVa >> 12) % 512 * 8,
                     std::as_bytes(std::span(pte)));
  CHECK(bench.read(kVa).pa == kFrame);
}

TEST_CASE("NO_ATS changes nothing for a walk without ATS") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  const uint64_t entry = bench.tables.read(kVa, Level::kPde1);
  bench.tables.write(kVa, Level::kPde1, entry | regs::pde::no_ats.mask());
  CHECK(bench.read(kVa).pa == kFrame);
}

}  // namespace faultline::mmu::test
