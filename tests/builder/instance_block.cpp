// SPDX-License-Identifier: MIT
// Instance blocks in memory.
#include "tests/builder/instance_block.hpp"

#include <stdexcept>

namespace faultline::builder {

namespace block = regs::instance_block;
using regs::PdbTarget;
using regs::PdeAperture;

namespace {

uint32_t low(uint64_t value) { return static_cast<uint32_t>(value); }
uint32_t high(uint64_t value) { return static_cast<uint32_t>(value >> 32); }

PdbTarget target_of(PdeAperture aperture) {
  switch (aperture) {
    case PdeAperture::kVidmem:
      return PdbTarget::kVidmem;
    case PdeAperture::kSysCoherent:
      return PdbTarget::kSysCoherent;
    case PdeAperture::kSysNonCoherent:
      return PdbTarget::kSysNonCoherent;
    case PdeAperture::kInvalid:
      break;
  }
  return PdbTarget::kInvalid;
}

}  // namespace

SpaceEntry space_of(const TablePointer& root) {
  SpaceEntry space;
  space.target = target_of(root.aperture);
  space.pdb = root.address;
  return space;
}

void InstanceBlock::set_main(const SpaceEntry& space) {
  uint32_t word = block::page_dir_base_target.set(0, space.target);
  word = block::page_dir_base_fault_replay_tex.set(word, space.replay_tex);
  word = block::page_dir_base_fault_replay_gcc.set(word, space.replay_gcc);
  word = block::use_ver2_pt_format.set(word, space.ver2_format);
  word = block::big_page_size.set(word, space.big_pages_64k);
  word = block::page_dir_base_lo.set(word, low(space.pdb) >> block::kBaseShift);
  store(block::page_dir_base_lo.word, word);
  store(block::page_dir_base_hi.word, high(space.pdb));
}

void InstanceBlock::set_subcontext(unsigned veid, const SpaceEntry& space) {
  uint32_t word = block::sc_page_dir_base_target.set(0, veid, space.target);
  word = block::sc_page_dir_base_fault_replay_tex.set(word, veid, space.replay_tex);
  word = block::sc_page_dir_base_fault_replay_gcc.set(word, veid, space.replay_gcc);
  word = block::sc_use_ver2_pt_format.set(word, veid, space.ver2_format);
  word = block::sc_big_page_size.set(word, veid, space.big_pages_64k);
  word = block::sc_page_dir_base_lo.set(word, veid, low(space.pdb) >> block::kBaseShift);
  store(block::sc_page_dir_base_lo.word(veid), word);
  store(block::sc_page_dir_base_hi.word(veid), high(space.pdb));
  set_valid_bit(veid, 1);
}

void InstanceBlock::set_valid_bit(unsigned veid, uint32_t valid) {
  const size_t word = block::sc_pdb_valid.word(veid);
  store(word, block::sc_pdb_valid.set(load(word), veid, valid));
}

uint32_t InstanceBlock::load(size_t word) {
  uint32_t value = 0;
  if (!memory_.read(at_.aperture, at_.address + word * sizeof value,
                    std::as_writable_bytes(std::span(&value, 1))))
    throw std::runtime_error("no memory where the test put an instance block");
  return value;
}

void InstanceBlock::store(size_t word, uint32_t value) {
  if (!memory_.write(at_.aperture, at_.address + word * sizeof value,
                     std::as_bytes(std::span(&value, 1))))
    throw std::runtime_error("no memory where the test put an instance block");
}

}  // namespace faultline::builder
