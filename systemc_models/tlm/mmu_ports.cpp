// SPDX-License-Identifier: MIT
// Unpacks transactions into calls and packs answers into transactions.
#include "systemc_models/tlm/mmu_ports.hpp"

#include <cstring>

namespace faultline::tlm {

MmuPorts::MmuPorts(sc_core::sc_module_name name, unsigned gpcs)
    : sc_module(name),
      translation("translation", gpcs + 2),
      registers("registers"),
      memory("memory"),
      interrupt("interrupt"),
      gpcs_(gpcs) {
  for (unsigned port = 0; port < translation.size(); ++port) {
    const auto id = static_cast<int>(port);
    translation[port].register_b_transport(this, &MmuPorts::transport_translation, id);
    translation[port].register_nb_transport_fw(this, &MmuPorts::take_translation, id);
  }
  registers.register_b_transport(this, &MmuPorts::transport_register);
}

void MmuPorts::transport_translation(int port, ::tlm::tlm_generic_payload& payload,
                                     sc_core::sc_time& delay) {
  auto* message = payload.get_extension<Translation>();
  if (!message) {
    payload.set_response_status(::tlm::TLM_GENERIC_ERROR_RESPONSE);
    return;
  }
  if (message->step == TranslationStep::kWithdraw) {
    withdraw(message->request.tag);
    for (mmu::Observer* observer : observers_) observer->withdrawn(message->request.tag);
  } else {
    translate(static_cast<unsigned>(port), message->request, message->answer, delay);
    message->epoch = epoch();
    if (static_cast<unsigned>(port) != bar1_port())
      tell_translated(message->request, message->answer);
  }
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

/// A kTranslate of a client that does not wait.
::tlm::tlm_sync_enum MmuPorts::take_translation(int port, ::tlm::tlm_generic_payload& payload,
                                                ::tlm::tlm_phase&, sc_core::sc_time& delay) {
  auto* message = payload.get_extension<Translation>();
  if (!message) {
    payload.set_response_status(::tlm::TLM_GENERIC_ERROR_RESPONSE);
    return ::tlm::TLM_COMPLETED;
  }
  if (ask(static_cast<unsigned>(port), message->request, message->answer, delay) == Given::kLater)
    return ::tlm::TLM_ACCEPTED;
  tell_translated(message->request, message->answer);
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
  return ::tlm::TLM_COMPLETED;
}

void MmuPorts::tell_translated(const mmu::Request& request, const mmu::Answer& answer) {
  for (mmu::Observer* observer : observers_) observer->translated(request, answer);
}

void MmuPorts::transport_register(::tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
  const auto offset = static_cast<uint32_t>(payload.get_address());
  uint32_t value;
  if (payload.get_data_length() != sizeof value) {
    payload.set_response_status(::tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  if (!has_register(offset)) {
    payload.set_response_status(::tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  if (payload.is_read()) {
    value = read_register(offset);
    for (mmu::Observer* observer : observers_) observer->register_read(offset, value);
    std::memcpy(payload.get_data_ptr(), &value, sizeof value);
  } else {
    std::memcpy(&value, payload.get_data_ptr(), sizeof value);
    for (mmu::Observer* observer : observers_) observer->register_written(offset, value);
    write_register(offset, value);
  }
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

void MmuPorts::send(unsigned port) {
  ::tlm::tlm_phase phase = ::tlm::BEGIN_RESP;
  sc_core::sc_time delay;
  translation[port]->nb_transport_bw(backward_.payload, phase, delay);
}

void MmuPorts::send_first_answer(unsigned port, const mmu::Request& request,
                                 const mmu::Answer& answer) {
  tell_translated(request, answer);
  give(port, request.tag, answer);
}

void MmuPorts::send_answer(unsigned port, uint64_t tag, const mmu::Answer& answer) {
  for (mmu::Observer* observer : observers_) observer->answered(tag, answer);
  give(port, tag, answer);
}

void MmuPorts::give(unsigned port, uint64_t tag, const mmu::Answer& answer) {
  backward_.translation.step = TranslationStep::kAnswered;
  backward_.translation.request.tag = tag;
  backward_.translation.answer = answer;
  send(port);
}

void MmuPorts::send_space(uint8_t gpc, uint8_t utlb) {
  backward_.translation.step = TranslationStep::kSpace;
  backward_.translation.gpc = gpc;
  backward_.translation.utlb = utlb;
  send(gpc);
}

}  // namespace faultline::tlm
