// SPDX-License-Identifier: MIT
// A client's end of the MMU's translation protocol.
#pragma once

#include <systemc>
#include <tlm>

#include "systemc_models/tlm/translation.hpp"

namespace faultline::tlm {

/// What a client hears from the MMU later. Called from wherever the MMU runs: act at once, do not
/// wait.
class TranslationListener {
 public:
  virtual ~TranslationListener() = default;
  /// The first answer to what ask() asked, or a late one to what was parked.
  virtual void answered(uint64_t tag, const mmu::Answer& answer) = 0;
  virtual void space(uint8_t gpc, uint8_t utlb) = 0;
};

class TranslationPort : public TranslationInitiatorSocket {
 public:
  explicit TranslationPort(const char* name);

  void set_listener(TranslationListener& listener) { hearing_.listener = &listener; }
  /// Adds to `delay` what it takes. May wait.
  mmu::Answer translate(const mmu::Request& request, sc_core::sc_time& delay);
  /// The same without waiting; null: the listener will be told. Valid until the next call.
  const mmu::Answer* ask(const mmu::Request& request, sc_core::sc_time& delay);
  /// Of the latest translate().
  uint64_t epoch() const { return epoch_; }
  /// After this, no answer comes for `tag`.
  void withdraw(uint64_t tag);

 private:
  struct Hearing : TranslationBackward {
    ::tlm::tlm_sync_enum nb_transport_bw(Translation& translation, ::tlm::tlm_phase& phase,
                                         sc_core::sc_time& delay) override;
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}

    TranslationListener* listener = nullptr;
  };

  Hearing hearing_;
  uint64_t epoch_ = 0;
  Translation asking_;
};

}  // namespace faultline::tlm
