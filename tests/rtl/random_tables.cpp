// SPDX-License-Identifier: MIT
// Page tables that change at random.
#include "tests/rtl/random_tables.hpp"

namespace faultline::rtl::test {

using builder::Page;
using mmu::Level;

namespace {

constexpr uint64_t kRegionBytes = uint64_t{1} << 21;
constexpr unsigned kPages = 48;  // in use, of 4 KiB: three of 64 KiB

}  // namespace

// Neighbours, and regions that part at each level of the walk.
RandomTables::RandomTables(builder::PageTables& tables, Dice& dice) : tables_(tables), dice_(dice) {
  constexpr uint64_t kFirst = 0x0'1234'5660'0000;
  bases_ = {kFirst,
            kFirst + kRegionBytes,
            kFirst + 2 * kRegionBytes,
            kFirst + (uint64_t{1} << 29),
            kFirst + (uint64_t{1} << 38),
            kFirst + (uint64_t{1} << 47),
            kFirst + (uint64_t{3} << 47),
            kFirst + (uint64_t{1} << 47) + kRegionBytes};
  for (unsigned region = 0; region < kRegions; ++region)
    for (unsigned i = 0; i < 24; ++i) change(region);
}

Page RandomTables::page() {
  constexpr regs::PteAperture kApertures[] = {regs::PteAperture::kVidmem, regs::PteAperture::kPeer,
                                              regs::PteAperture::kSysCoherent,
                                              regs::PteAperture::kSysNonCoherent};
  Page page;
  page.aperture = kApertures[dice_.below(4)];
  page.address = (dice_.word() & 0x1f'ffff'ffff) & ~uint64_t{0xfff};
  page.peer = static_cast<uint8_t>(page.aperture == regs::PteAperture::kPeer ? dice_.below(8) : 0);
  page.vol = dice_.once_in(4);
  page.privilege = dice_.once_in(8);
  page.read_only = dice_.once_in(3);
  page.atomic_disable = dice_.once_in(2);
  page.kind = dice_.once_in(20) ? 0xff : dice_.once_in(4) ? 0xfe : 0;
  return page;
}

uint64_t RandomTables::entry() {
  switch (dice_.below(8)) {
    case 0:
      return 0;
    case 1:
      return builder::kSparsePte;
    case 2:
      return builder::kUnmapped64kPte;
    default:
      return builder::pte_of(page());
  }
}

Change RandomTables::change(unsigned region) {
  const uint64_t base = bases_[region];
  switch (dice_.below(24)) {
    case 0:
      return change_dual(base, {entry(), 0});
    case 1:
      return change_dual(base, {0, 0});
    case 2:
      return change_dual(base, {regs::dual_pde::vol_big.mask(), 0});
    case 3:
      tables_.write(base, Level::kPde1, dice_.once_in(2) ? 0 : builder::kSparsePde);
      return {.va = base, .size = mmu::shift_of(Level::kPde1) - mmu::shift_of(Level::kPte4k)};
    case 4:
    case 5:
    case 6:
      return change_page(address(region), Level::kPte64k);
    default:
      return change_page(address(region), Level::kPte4k);
  }
}

Change RandomTables::change_dual(uint64_t base, const builder::DualEntry& entry) {
  tables_.write_dual(base, entry);
  return {.va = base, .size = mmu::shift_of(Level::kPde0) - mmu::shift_of(Level::kPte4k)};
}

// A page that had no table of its size before changes the dual entry too.
Change RandomTables::change_page(uint64_t va, Level level) {
  const uint64_t before = tables_.read(va, Level::kPde0);
  tables_.write(va, level, entry());
  constexpr unsigned kPage = mmu::shift_of(Level::kPte4k);
  if (tables_.read(va, Level::kPde0) != before)
    return {.va = va, .size = mmu::shift_of(Level::kPde0) - kPage};
  return {.va = va, .size = mmu::shift_of(level) - kPage, .level = regs::CacheLevel::kPteOnly};
}

uint64_t RandomTables::address(unsigned region) {
  return bases_[region] + dice_.below(kPages) * 0x1000 + dice_.below(0x1000);
}

}  // namespace faultline::rtl::test
