// SPDX-License-Identifier: MIT
// The five-level walk (GP100 MMU format): directory entries, dual entries, pages, sparse.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/mmu/leaf.hpp"
#include "systemc_models/mmu/lru_sets.hpp"
#include "systemc_models/mmu/statistics.hpp"
#include "systemc_models/mmu/trace.hpp"

namespace faultline::mmu {

/// A page table in memory, or none.
struct Table {
  uint64_t address = 0;
  regs::PdeAperture aperture = regs::PdeAperture::kInvalid;

  bool present() const { return aperture != regs::PdeAperture::kInvalid; }
};

/// What a directory entry points to. `big` is for dual entries only: the table of 64 KiB pages.
struct Directory {
  Table next;
  Table big;
};

struct Sparse {};
using WalkResult = std::variant<Leaf, Sparse, regs::FaultType>;

enum class PdeCacheUse : uint8_t { kUse, kOff };

/// Reads page tables; what it finds above the pages it keeps in the PDE cache.
class Walker {
 public:
  Walker(Memory& memory, Statistics& statistics, unsigned pde_cache_entries);

  void set_trace(Trace* trace) { trace_ = trace; }
  LruSets<Directory>& pde_cache() { return pde_cache_; }

  /// Translates `va` (49 bits) through the tables under `root`.
  WalkResult walk(SpaceKey space, const Table& root, uint64_t va, PdeCacheUse use);
  /// The same from the lowest directory entry in the cache; nothing if there is none. A fault that
  /// this finds is not to be reported: the entry may be stale.
  std::optional<WalkResult> walk_from_cache(SpaceKey space, uint64_t va);

 private:
  template <Level kLevel>
  WalkResult directory(SpaceKey space, Table table, uint64_t va, PdeCacheUse use);
  template <Level kLevel>
  std::optional<WalkResult> walk_from_entry(SpaceKey space, uint64_t va);
  void keep(SpaceKey space, uint64_t va, Level level, const Directory& directory);
  WalkResult directory_0(SpaceKey space, Table table, uint64_t va, PdeCacheUse use);
  WalkResult page_tables(const Directory& tables, uint64_t va);
  template <Level kLevel, size_t kWords>
  bool read(Table table, uint64_t va, std::array<uint64_t, kWords>& entry);

  Memory& memory_;
  Statistics& statistics_;
  Trace* trace_ = nullptr;
  LruSets<Directory> pde_cache_;
};

}  // namespace faultline::mmu
