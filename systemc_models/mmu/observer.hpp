// SPDX-License-Identifier: MIT
// What crosses the GMMU seam, for who watches it and changes nothing.
#pragma once

#include <cstdint>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::mmu {

/// What a driver says about its own doings (FAULTLINE_NOTE): no address of `pages` pages from
/// `address` on is to be reached any more through an entry that is there now.
struct Note {
  regs::NoteKind kind = regs::NoteKind::kWithdrawn;
  uint64_t address = 0;  ///< of the first 4 KiB page: virtual if kWithdrawn, else physical
  uint64_t pages = 0;
  uint64_t pdb = 0;  ///< kWithdrawn: of which address space
};

/// Calls come in the order of the events, from inside the MMU: they must not call it.
class Observer {
 public:
  virtual ~Observer() = default;
  /// The prompt answer, before the client makes use of it.
  virtual void translated(const Request& request, const Answer& answer) = 0;
  /// The late answer to a parked request, before the client hears of it.
  virtual void answered(uint64_t tag, const Answer& answer) = 0;
  virtual void withdrawn(uint64_t tag) = 0;
  /// Before the write takes effect.
  virtual void register_written(uint32_t offset, uint32_t value) = 0;
  virtual void register_read(uint32_t offset, uint32_t value) = 0;
  virtual void noted(const Note& note) = 0;
  /// Whether a driver's notes are of use to it.
  virtual bool wants_notes() const { return true; }
  virtual void was_reset() = 0;
};

}  // namespace faultline::mmu
