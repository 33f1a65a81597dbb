// SPDX-License-Identifier: MIT
// Routes physical accesses by aperture: video memory here, system memory there.
#pragma once

#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <systemc>
#include <tlm>

namespace faultline::tlm {

class Interconnect : public sc_core::sc_module {
 public:
  explicit Interconnect(sc_core::sc_module_name name);

  tlm_utils::multi_passthrough_target_socket<Interconnect> initiators;  ///< any number
  tlm_utils::simple_initiator_socket<Interconnect> vidmem;
  tlm_utils::simple_initiator_socket<Interconnect> system;

 private:
  using Output = tlm_utils::simple_initiator_socket<Interconnect>;

  Output* route(::tlm::tlm_generic_payload& payload);
  void transport(int initiator, ::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  bool direct(int initiator, ::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi);
  void invalidate(sc_dt::uint64 first, sc_dt::uint64 last);
};

}  // namespace faultline::tlm
