// SPDX-License-Identifier: MIT
// Page tables that change at random, in a few regions of 2 MiB.
#pragma once

#include <array>
#include <cstdint>
#include <random>

#include "tests/builder/dice.hpp"
#include "tests/builder/page_tables.hpp"

namespace faultline::rtl::test {

using builder::Dice;

/// What an invalidate must hit for a change to be seen.
struct Change {
  uint64_t va = 0;
  unsigned size = 0;  ///< log2 of the pages
  regs::CacheLevel level = regs::CacheLevel::kAll;
};

class RandomTables {
 public:
  RandomTables(builder::PageTables& tables, Dice& dice);

  /// Changes one entry, and the directories above it if they must.
  Change change() { return change(dice_.below(kRegions)); }
  /// An address near the beginning of a region, where pages are.
  uint64_t address() { return address(dice_.below(kRegions)); }

 private:
  static constexpr unsigned kRegions = 8;

  Change change(unsigned region);
  Change change_page(uint64_t va, mmu::Level level);
  Change change_dual(uint64_t base, const builder::DualEntry& entry);
  uint64_t address(unsigned region);
  builder::Page page();
  uint64_t entry();

  builder::PageTables& tables_;
  Dice& dice_;
  std::array<uint64_t, kRegions> bases_;
};

}  // namespace faultline::rtl::test
