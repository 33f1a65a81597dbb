// SPDX-License-Identifier: MIT
// TLM accesses to system memory, directly in its mapped ranges where they lie in one.
#include "systemc_models/tlm/host_bridge.hpp"

namespace faultline::tlm {

namespace {

// Granted as a whole where it is mapped as a whole: large enough that pointers are asked for
// rarely, small enough that few blocks straddle a hole.
constexpr uint64_t kBlockBytes = uint64_t{1} << 21;

}  // namespace

HostBridge::HostBridge(sc_core::sc_module_name name, HostMemory& memory)
    : sc_module(name), socket("socket"), memory_(memory) {
  socket.register_b_transport(this, &HostBridge::transport);
  socket.register_get_direct_mem_ptr(this, &HostBridge::direct);
}

void HostBridge::memory_changed() { socket->invalidate_direct_mem_ptr(0, ~sc_dt::uint64{0}); }

void HostBridge::transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
  const std::span data(reinterpret_cast<std::byte*>(payload.get_data_ptr()),
                       payload.get_data_length());
  const bool done = payload.is_read() ? memory_.read(payload.get_address(), data)
                                      : memory_.write(payload.get_address(), data);
  payload.set_response_status(done ? ::tlm::TLM_OK_RESPONSE : ::tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

bool HostBridge::direct(::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi) {
  const Intent intent = payload.is_write() ? Intent::kWrite : Intent::kRead;
  const uint64_t address = payload.get_address();
  const uint64_t size = payload.get_data_length();
  uint64_t first = address & ~(kBlockBytes - 1);
  std::span<std::byte> memory;
  if (size <= kBlockBytes - (address - first)) memory = memory_.span(first, kBlockBytes, intent);
  if (memory.empty()) {
    first = address;
    memory = memory_.span(first, size, intent);
  }
  if (memory.empty()) return false;
  dmi.set_dmi_ptr(reinterpret_cast<unsigned char*>(memory.data()));
  dmi.set_start_address(first);
  dmi.set_end_address(first + memory.size() - 1);
  if (intent == Intent::kWrite) {
    dmi.allow_read_write();
  } else {
    dmi.allow_read();
  }
  return true;
}

}  // namespace faultline::tlm
