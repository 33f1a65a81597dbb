// SPDX-License-Identifier: MIT
// Requests out, late answers in.
#include "systemc_models/tlm/translation_port.hpp"

#include <utility>

namespace faultline::tlm {

/// A transaction taken from the port for the time of one call.
class TranslationPort::Lease {
 public:
  explicit Lease(TranslationPort& port) : port_(port) {
    if (port.free_.empty()) port.free_.push_back(std::make_unique<TranslationTransaction>());
    transaction_ = std::move(port.free_.back());
    port.free_.pop_back();
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() { port_.free_.push_back(std::move(transaction_)); }

  TranslationTransaction* operator->() { return transaction_.get(); }

 private:
  TranslationPort& port_;
  std::unique_ptr<TranslationTransaction> transaction_;
};

TranslationPort::TranslationPort(const char* name) : simple_initiator_socket(name) {
  register_nb_transport_bw(this, &TranslationPort::heard);
}

mmu::Answer TranslationPort::translate(const mmu::Request& request, sc_core::sc_time& delay) {
  Lease lease(*this);
  lease->translation.step = TranslationStep::kTranslate;
  lease->translation.request = request;
  (*this)->b_transport(lease->payload, delay);
  epoch_ = lease->translation.epoch;
  return lease->translation.answer;
}

const mmu::Answer* TranslationPort::ask(const mmu::Request& request, sc_core::sc_time& delay) {
  asking_.translation.step = TranslationStep::kTranslate;
  asking_.translation.request = request;
  ::tlm::tlm_phase phase = ::tlm::BEGIN_REQ;
  if ((*this)->nb_transport_fw(asking_.payload, phase, delay) != ::tlm::TLM_COMPLETED)
    return nullptr;
  return &asking_.translation.answer;
}

void TranslationPort::withdraw(uint64_t tag) {
  Lease lease(*this);
  lease->translation.step = TranslationStep::kWithdraw;
  lease->translation.request.tag = tag;
  sc_core::sc_time delay;
  (*this)->b_transport(lease->payload, delay);
}

::tlm::tlm_sync_enum TranslationPort::heard(::tlm::tlm_generic_payload& payload, ::tlm::tlm_phase&,
                                            sc_core::sc_time&) {
  const auto& translation = *payload.get_extension<Translation>();
  if (!listener_) return ::tlm::TLM_COMPLETED;
  if (translation.step == TranslationStep::kAnswered) {
    listener_->answered(translation.request.tag, translation.answer);
  } else if (translation.step == TranslationStep::kSpace) {
    listener_->space(translation.gpc, translation.utlb);
  }
  return ::tlm::TLM_COMPLETED;
}

}  // namespace faultline::tlm
