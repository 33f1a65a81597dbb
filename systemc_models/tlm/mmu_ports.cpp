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
  for (unsigned port = 0; port < translation.size(); ++port)
    translation[port].bind(entrances_.emplace_back(*this, port));
  registers.register_b_transport(this, &MmuPorts::transport_register);
}

void MmuPorts::Entrance::b_transport(Translation& message, sc_core::sc_time& delay) {
  if (message.step == TranslationStep::kWithdraw) {
    mmu.withdraw(message.request.tag);
    for (mmu::Observer* observer : mmu.observers_) observer->withdrawn(message.request.tag);
    return;
  }
  mmu.translate(port, message.request, message.answer, delay);
  message.epoch = mmu.epoch();
  if (port != mmu.bar1_port()) mmu.tell_translated(message.request, message.answer);
}

/// A kTranslate of a client that does not wait.
::tlm::tlm_sync_enum MmuPorts::Entrance::nb_transport_fw(Translation& message, ::tlm::tlm_phase&,
                                                         sc_core::sc_time& delay) {
  if (mmu.ask(port, message.request, message.answer, delay) == Given::kLater)
    return ::tlm::TLM_ACCEPTED;
  mmu.tell_translated(message.request, message.answer);
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
  translation[port]->nb_transport_bw(backward_, phase, delay);
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
  backward_.step = TranslationStep::kAnswered;
  backward_.request.tag = tag;
  backward_.answer = answer;
  send(port);
}

void MmuPorts::send_space(uint8_t gpc, uint8_t utlb) {
  backward_.step = TranslationStep::kSpace;
  backward_.gpc = gpc;
  backward_.utlb = utlb;
  send(gpc);
}

}  // namespace faultline::tlm
