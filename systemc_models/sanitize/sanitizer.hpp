// SPDX-License-Identifier: MIT
// Holds the driver to the rules of the MMU, from what crosses the GMMU seam.
#pragma once

#include <cstdint>

#include "systemc_models/mmu/gv100_registers.hpp"
#include "systemc_models/mmu/observer.hpp"
#include "systemc_models/sanitize/mistake.hpp"
#include "systemc_models/sanitize/operations.hpp"
#include "systemc_models/sanitize/packets.hpp"
#include "systemc_models/sanitize/replays.hpp"
#include "systemc_models/sanitize/table_walk.hpp"
#include "systemc_models/sanitize/translations.hpp"

namespace faultline::sanitize {

/// The rules, and why none of them objects to a race that is none of the driver's fault:
/// docs/developer/sanitizer.md. It knows nothing of the MMU's inside, so any MMU will do.
class Sanitizer : public mmu::Observer {
 public:
  Sanitizer(mmu::Memory& memory, mmu::Clock& clock, unsigned default_fault_buffer_entries,
            Report report);

  // mmu::Observer
  void translated(const mmu::Request& request, const mmu::Answer& answer) override;
  void answered(uint64_t tag, const mmu::Answer& answer) override;
  void withdrawn(uint64_t tag) override { replays_.ended(tag); }
  void register_written(uint32_t offset, uint32_t value) override;
  void register_read(uint32_t offset, uint32_t value) override;
  void noted(const mmu::Note& note) override { translations_.noted(note, clock_.now_ns()); }
  void was_reset() override;

 private:
  void invalidate(const mmu::Invalidate& operation);

  mmu::Clock& clock_;
  unsigned default_fault_buffer_entries_;
  mmu::Gv100Registers registers_;
  mmu::Modes modes_;
  TableWalk walk_;
  Operations operations_;
  Translations translations_;
  Packets packets_;
  Replays replays_;
};

}  // namespace faultline::sanitize
