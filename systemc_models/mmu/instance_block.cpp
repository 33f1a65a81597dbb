// SPDX-License-Identifier: MIT
// Reads instance blocks.
#include "systemc_models/mmu/instance_block.hpp"

#include <array>

namespace faultline::mmu {

namespace block = regs::instance_block;
using regs::PdbTarget;

namespace {

using Words = std::array<uint32_t, block::kWords>;
using Record = std::span<const uint32_t>;

/// The entry for one address space: the block's own, or a subcontext's.
struct Entry {
  PdbTarget target;
  uint64_t pdb;
  bool replay_tex;
  bool replay_gcc;
  bool ver2_format;
  bool big_pages_64k;
};

constexpr uint64_t pdb_address(uint64_t lo, uint64_t hi) {
  return lo << block::kBaseShift | hi << 32;
}

/// Targets number apertures as pages do, directory entries differ in video memory.
constexpr regs::PdeAperture root_aperture(PdbTarget target) {
  return target == PdbTarget::kVidmem ? regs::PdeAperture::kVidmem
                                      : static_cast<regs::PdeAperture>(target);
}

Entry main_entry(Record words) {
  return {
      .target = block::page_dir_base_target.decode(words),
      .pdb = pdb_address(block::page_dir_base_lo.get(words), block::page_dir_base_hi.get(words)),
      .replay_tex = block::page_dir_base_fault_replay_tex.get(words) != 0,
      .replay_gcc = block::page_dir_base_fault_replay_gcc.get(words) != 0,
      .ver2_format = block::use_ver2_pt_format.get(words) != 0,
      .big_pages_64k = block::big_page_size.get(words) != 0};
}

Entry subcontext_entry(Record words, size_t i) {
  const PdbTarget target = block::sc_pdb_valid.get(words, i)
                               ? block::sc_page_dir_base_target.decode(words, i)
                               : PdbTarget::kInvalid;
  return {.target = target,
          .pdb = pdb_address(block::sc_page_dir_base_lo.get(words, i),
                             block::sc_page_dir_base_hi.get(words, i)),
          .replay_tex = block::sc_page_dir_base_fault_replay_tex.get(words, i) != 0,
          .replay_gcc = block::sc_page_dir_base_fault_replay_gcc.get(words, i) != 0,
          .ver2_format = block::sc_use_ver2_pt_format.get(words, i) != 0,
          .big_pages_64k = block::sc_big_page_size.get(words, i) != 0};
}

/// Subcontexts are bound in ascending order; the last bind that is not an unbind decides the modes
/// of all of them.
std::optional<Entry> deciding_subcontext(Record words) {
  for (size_t i = block::sc_pdb_valid.kCount; i-- > 0;) {
    const Entry entry = subcontext_entry(words, i);
    if (entry.target != PdbTarget::kInvalid) return entry;
  }
  return {};
}

std::optional<Entry> entry_for(Record words, uint16_t engine_id) {
  constexpr auto kFirst = static_cast<uint16_t>(regs::EngineId::kGraphics);
  if (engine_id < kFirst || size_t{engine_id} >= kFirst + block::sc_pdb_valid.kCount)
    return main_entry(words);
  Entry entry = subcontext_entry(words, engine_id - kFirst);
  const std::optional<Entry> modes = deciding_subcontext(words);
  if (!modes) return {};
  entry.replay_tex = modes->replay_tex;
  entry.replay_gcc = modes->replay_gcc;
  entry.ver2_format = modes->ver2_format;
  entry.big_pages_64k = modes->big_pages_64k;
  return entry;
}

}  // namespace

std::optional<Binding> InstanceCache::bind(const InstancePointer& instance, uint16_t engine_id) {
  constexpr unsigned kShift = block::kBaseShift;
  const uint64_t key = binding_key(instance, engine_id);
  if (const Binding* known = bindings_.find(key, instance.address, kShift)) return *known;

  Words words;
  if (instance.aperture == Aperture::kPeer ||
      !memory_.read(instance.aperture, instance.address, std::as_writable_bytes(std::span(words))))
    return {};
  const std::optional<Entry> entry = entry_for(words, engine_id);
  if (!entry || entry->target == PdbTarget::kInvalid || !entry->ver2_format ||
      !entry->big_pages_64k)
    return {};
  const auto aperture = static_cast<Aperture>(entry->target);
  const Binding binding{.root = {.address = entry->pdb, .aperture = root_aperture(entry->target)},
                        .space = space_key(entry->pdb, aperture),
                        .replay_tex = entry->replay_tex,
                        .replay_gcc = entry->replay_gcc};
  bindings_.insert(key, instance.address, kShift, binding);
  return binding;
}

}  // namespace faultline::mmu
