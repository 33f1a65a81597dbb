// SPDX-License-Identifier: MIT
// Instance blocks in memory (dev_ram).
#pragma once

#include <cstdint>
#include <optional>

#include "systemc_models/mmu/gmmu.hpp"
#include "tests/builder/entries.hpp"

namespace faultline::builder {

/// One address space of an instance block, with defaults that work.
struct SpaceEntry {
  regs::PdbTarget target = regs::PdbTarget::kVidmem;
  uint64_t pdb = 0;
  bool replay_tex = true;
  bool replay_gcc = false;
  bool ver2_format = true;
  bool big_pages_64k = true;
};

/// The entry for the tables under `root`.
SpaceEntry space_of(const TablePointer& root);

class InstanceBlock {
 public:
  InstanceBlock(mmu::Memory& memory, mmu::InstancePointer at) : memory_(memory), at_(at) {}

  const mmu::InstancePointer& pointer() const { return at_; }
  /// For clients without subcontexts.
  void set_main(const SpaceEntry& space);
  /// For subcontext `veid`; becomes valid.
  void set_subcontext(unsigned veid, const SpaceEntry& space);
  /// As if it had never been filled in.
  void clear_subcontext_valid(unsigned veid) { set_valid_bit(veid, 0); }

 private:
  void set_valid_bit(unsigned veid, uint32_t valid);
  uint32_t load(size_t word);
  void store(size_t word, uint32_t value);

  mmu::Memory& memory_;
  mmu::InstancePointer at_;
};

}  // namespace faultline::builder
