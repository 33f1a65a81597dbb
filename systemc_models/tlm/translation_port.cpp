// SPDX-License-Identifier: MIT
// Requests out, late answers in.
#include "systemc_models/tlm/translation_port.hpp"

namespace faultline::tlm {

TranslationPort::TranslationPort(const char* name) : TranslationInitiatorSocket(name) {
  bind(hearing_);
}

/// Several may wait here at the same time, each with a transaction of its own.
mmu::Answer TranslationPort::translate(const mmu::Request& request, sc_core::sc_time& delay) {
  Translation translation{.request = request};
  (*this)->b_transport(translation, delay);
  epoch_ = translation.epoch;
  return translation.answer;
}

const mmu::Answer* TranslationPort::ask(const mmu::Request& request, sc_core::sc_time& delay) {
  asking_.request = request;
  ::tlm::tlm_phase phase = ::tlm::BEGIN_REQ;
  if ((*this)->nb_transport_fw(asking_, phase, delay) != ::tlm::TLM_COMPLETED) return nullptr;
  return &asking_.answer;
}

void TranslationPort::withdraw(uint64_t tag) {
  Translation translation{.step = TranslationStep::kWithdraw, .request = {.tag = tag}};
  sc_core::sc_time delay;
  (*this)->b_transport(translation, delay);
}

::tlm::tlm_sync_enum TranslationPort::Hearing::nb_transport_bw(Translation& translation,
                                                               ::tlm::tlm_phase&,
                                                               sc_core::sc_time&) {
  if (!listener) return ::tlm::TLM_COMPLETED;
  if (translation.step == TranslationStep::kAnswered) {
    listener->answered(translation.request.tag, translation.answer);
  } else if (translation.step == TranslationStep::kSpace) {
    listener->space(translation.gpc, translation.utlb);
  }
  return ::tlm::TLM_COMPLETED;
}

}  // namespace faultline::tlm
