// SPDX-License-Identifier: MIT
// Access counters: how often the device reached for a region of memory that is not its own (MIMC).
#pragma once

#include <cstdint>
#include <systemc>
#include <unordered_map>

#include "systemc_models/tlm/counter_table.hpp"
#include "systemc_models/tlm/memory_port.hpp"
#include "systemc_models/tlm/mmu_ports.hpp"
#include "systemc_models/tlm/register_block.hpp"

namespace faultline::tlm {

/// Stands behind the MMU, whichever it is: it watches what is translated, and adds its two sources
/// to the MMU's at the top of NISO_INTR. Accesses of others to video memory (MOMC) are not counted:
/// the machine maps BAR1 and reaches it without the device's knowledge.
class AccessCounters : public sc_core::sc_module,
                       public HubInterrupt,
                       public RegisterBlock,
                       private mmu::Observer {
 public:
  AccessCounters(sc_core::sc_module_name name, MmuPorts& mmu);

  MemoryPort memory;
  /// Where the interrupts go: the MMU's and its own.
  sc_core::sc_port<HubInterrupt> interrupt;

  void reset();

  // HubInterrupt: what the MMU says.
  void hub_interrupt(uint32_t pending, uint32_t rose) override;
  // RegisterBlock. Those of NISO_INTR are the MMU's: its bits are to be added to what the MMU
  // reads, and what is written there is to be written to the MMU, too.
  std::optional<uint32_t> read_register(uint32_t offset) override;
  Taken write_register(uint32_t offset, uint32_t value) override;
  uint32_t shared_bits(uint32_t offset) const;

 private:
  // mmu::Observer
  void translated(const mmu::Request& request, const mmu::Answer& answer) override;
  void answered(uint64_t tag, const mmu::Answer& answer) override;
  void withdrawn(uint64_t tag) override { parked_.erase(tag); }
  void register_written(uint32_t, uint32_t) override {}
  void register_read(uint32_t, uint32_t) override {}
  void noted(const mmu::Note&) override {}
  bool wants_notes() const override { return false; }
  void was_reset() override { parked_.clear(); }

  bool is_counting() const;
  void count(const mmu::Request& request, const mmu::Answer& answer);
  /// False: there is no room for it.
  bool notify(const AccessCounter& counter, const mmu::Request& request, mmu::Aperture aperture);
  bool is_full() const;
  uint32_t pending() const;
  void update(uint32_t before);
  void configure(uint32_t value);
  void enable(uint32_t value);
  void clear(uint32_t value);
  void clear_like_method(uint32_t value);
  uint64_t buffer() const;

  CounterTable counters_;
  std::unordered_map<uint64_t, mmu::Request> parked_;
  uint32_t config_ = 0;
  uint32_t lo_ = 0;
  uint32_t hi_ = 0;
  uint32_t size_ = 0;
  uint32_t get_ = 0;
  uint32_t put_ = 0;
  bool write_nack_ = false;
  uint32_t enabled_ = 0;      ///< of its own bits of NISO_INTR
  uint32_t mmu_pending_ = 0;  ///< enabled, as the MMU said
};

}  // namespace faultline::tlm
