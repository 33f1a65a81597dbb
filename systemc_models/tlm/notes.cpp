// SPDX-License-Identifier: MIT
// Words of a note, handed over with the last.
#include "systemc_models/tlm/notes.hpp"

namespace faultline::tlm {

std::optional<uint32_t> Notes::read_register(uint32_t offset) {
  namespace sanitizer = regs::faultline_sanitizer;
  if (offset == sanitizer::kOffset) return sanitizer::notes.set(0, mmu_.wants_notes());
  if (offset < kFirst || offset > kLast) return {};
  return word(offset);
}

RegisterBlock::Taken Notes::write_register(uint32_t offset, uint32_t value) {
  if (!read_register(offset)) return Taken::kNo;
  if (offset == regs::faultline_sanitizer::kOffset) return Taken::kYes;
  words_[(offset - kFirst) / sizeof(uint32_t)] = value & find_register(offset)->rw;
  if (offset == regs::faultline_note::kOffset) mmu_.note(note());
  return Taken::kYes;
}

mmu::Note Notes::note() const {
  using namespace regs;
  const auto wide = [this](uint32_t low, uint32_t high) {
    return uint64_t{word(high)} << 32 | word(low);
  };
  const uint32_t last = word(faultline_note::kOffset);
  return {.kind = faultline_note::kind.decode(last),
          .address = wide(faultline_note_address_lo::kOffset, faultline_note_address_hi::kOffset),
          .pages = uint64_t{faultline_note::pages_hi.get(last)} << 32 |
                   word(faultline_note_pages::kOffset),
          .pdb = wide(faultline_note_pdb_lo::kOffset, faultline_note_pdb_hi::kOffset)};
}

}  // namespace faultline::tlm
