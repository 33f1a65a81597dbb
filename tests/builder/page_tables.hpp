// SPDX-License-Identifier: MIT
// A tree of page tables in memory, grown as it is mapped.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "systemc_models/mmu/trace.hpp"
#include "tests/builder/entries.hpp"

namespace faultline::builder {

using mmu::Level;

/// Hands out places for tables: fresh zeroed memory of `bytes`, aligned to its size.
using TableAllocator = std::function<TablePointer(uint64_t bytes)>;

/// Tables one after the other from `first` on, in the apertures given, in turn.
class BumpAllocator {
 public:
  BumpAllocator(uint64_t first, std::vector<regs::PdeAperture> apertures)
      : next_(first), apertures_(std::move(apertures)) {}
  TablePointer operator()(uint64_t bytes);

 private:
  uint64_t next_;
  std::vector<regs::PdeAperture> apertures_;
  size_t turn_ = 0;
};

class PageTables {
 public:
  PageTables(mmu::Memory& memory, TableAllocator allocator);

  const TablePointer& root() const { return root_; }

  /// Maps one page of 4 KiB, 64 KiB or 2 MiB: Level::kPte4k, kPte64k or kPde0.
  void map(uint64_t va, Level size, const Page& page);
  /// Writes an entry as it is; makes the tables above it. Of Level::kPde0 this is the low word.
  void write(uint64_t va, Level level, uint64_t entry);
  void write_dual(uint64_t va, const DualEntry& entry);
  uint64_t read(uint64_t va, Level level);

  /// Where the entry lies; makes the tables above it.
  TablePointer entry(uint64_t va, Level level);

 private:
  TablePointer child(const TablePointer& at);
  TablePointer dual_child(const TablePointer& at, Level child_level);
  void load(const TablePointer& at, std::span<uint64_t> words);
  void store(const TablePointer& at, std::span<const uint64_t> words);

  mmu::Memory& memory_;
  TableAllocator allocator_;
  TablePointer root_;
};

/// The aperture of a table pointer as accesses name it.
mmu::Aperture access_aperture(regs::PdeAperture aperture);

}  // namespace faultline::builder
