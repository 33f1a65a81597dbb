// SPDX-License-Identifier: MIT
// A client's end of the MMU's translation protocol.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <memory>
#include <systemc>
#include <vector>

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

class TranslationPort : public tlm_utils::simple_initiator_socket<TranslationPort> {
 public:
  explicit TranslationPort(const char* name);

  void set_listener(TranslationListener& listener) { listener_ = &listener; }
  /// Adds to `delay` what it takes. May wait.
  mmu::Answer translate(const mmu::Request& request, sc_core::sc_time& delay);
  /// The same without waiting; null: the listener will be told. Valid until the next call.
  const mmu::Answer* ask(const mmu::Request& request, sc_core::sc_time& delay);
  /// Of the latest translate().
  uint64_t epoch() const { return epoch_; }
  /// After this, no answer comes for `tag`.
  void withdraw(uint64_t tag);

 private:
  class Lease;

  ::tlm::tlm_sync_enum heard(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase& phase,
                             sc_core::sc_time& delay);

  TranslationListener* listener_ = nullptr;
  uint64_t epoch_ = 0;
  TranslationTransaction asking_;
  // One for each request that waits in its b_transport at the same time.
  std::vector<std::unique_ptr<TranslationTransaction>> free_;
};

}  // namespace faultline::tlm
