// SPDX-License-Identifier: MIT
// Where the device's physical accesses leave for system memory.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <systemc>
#include <tlm>

#include "systemc_models/tlm/host_memory.hpp"

namespace faultline::tlm {

class HostBridge : public sc_core::sc_module {
 public:
  HostBridge(sc_core::sc_module_name name, HostMemory& memory);

  /// The map or bus mastering changed: direct pointers handed out are void.
  void memory_changed();

  tlm_utils::simple_target_socket<HostBridge> socket;

 private:
  void transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  bool direct(::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi);

  HostMemory& memory_;
};

}  // namespace faultline::tlm
