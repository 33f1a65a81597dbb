// SPDX-License-Identifier: MIT
// Routing by aperture. There are no peers: what asks for one gets an address error.
#include "systemc_models/tlm/interconnect.hpp"

#include "systemc_models/tlm/physical.hpp"

namespace faultline::tlm {

Interconnect::Interconnect(sc_core::sc_module_name name)
    : sc_module(name), initiators("initiators"), vidmem("vidmem"), system("system") {
  initiators.register_b_transport(this, &Interconnect::transport);
  initiators.register_get_direct_mem_ptr(this, &Interconnect::direct);
  vidmem.register_invalidate_direct_mem_ptr(this, &Interconnect::invalidate);
  system.register_invalidate_direct_mem_ptr(this, &Interconnect::invalidate);
}

Interconnect::Output* Interconnect::route(::tlm::tlm_generic_payload& payload) {
  const auto* physical = payload.get_extension<Physical>();
  if (!physical || physical->aperture == mmu::Aperture::kPeer) return nullptr;
  return physical->aperture == mmu::Aperture::kVidmem ? &vidmem : &system;
}

void Interconnect::transport(int, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  if (Output* output = route(payload)) {
    (*output)->b_transport(payload, delay);
  } else {
    payload.set_response_status(::tlm::TLM_ADDRESS_ERROR_RESPONSE);
  }
}

bool Interconnect::direct(int, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi) {
  Output* output = route(payload);
  return output && (*output)->get_direct_mem_ptr(payload, dmi);
}

void Interconnect::invalidate(sc_dt::uint64 first, sc_dt::uint64 last) {
  for (unsigned i = 0; i < initiators.size(); ++i)
    initiators[static_cast<int>(i)]->invalidate_direct_mem_ptr(first, last);
}

}  // namespace faultline::tlm
