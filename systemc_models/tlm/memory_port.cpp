// SPDX-License-Identifier: MIT
// Physical memory accesses: directly where the memory allows it, by transaction elsewhere.
#include "systemc_models/tlm/memory_port.hpp"

#include "systemc_models/tlm/ordered_copy.hpp"

namespace faultline::tlm {

MemoryPort::MemoryPort(const char* name) : simple_initiator_socket(name) {
  register_invalidate_direct_mem_ptr(this, &MemoryPort::invalidate);
  payload_.set_extension(&physical_);
}

MemoryPort::~MemoryPort() { payload_.clear_extension(&physical_); }

bool MemoryPort::grant(Region& region, mmu::Aperture aperture, uint64_t address, size_t size,
                       Intent intent) {
  const bool write = intent == Intent::kWrite;
  prepare(write ? ::tlm::TLM_WRITE_COMMAND : ::tlm::TLM_READ_COMMAND, aperture, address, nullptr,
          size);
  ::tlm::tlm_dmi dmi;
  if (!(*this)->get_direct_mem_ptr(payload_, dmi)) return false;
  region = {reinterpret_cast<std::byte*>(dmi.get_dmi_ptr()), dmi.get_start_address(),
            dmi.get_end_address(), dmi.is_write_allowed() ? Intent::kWrite : Intent::kRead};
  return region.holds(address, size, intent);
}

bool MemoryPort::read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out) {
  if (const std::byte* from = direct(aperture, address, out.size(), Intent::kRead)) {
    ordered_load(out, from);
    return true;
  }
  return transport(::tlm::TLM_READ_COMMAND, aperture, address, out.data(), out.size());
}

bool MemoryPort::write(mmu::Aperture aperture, uint64_t address, std::span<const std::byte> in) {
  if (std::byte* to = direct(aperture, address, in.size(), Intent::kWrite)) {
    ordered_store(to, in);
    return true;
  }
  // The payload's pointer is not const, but a write command does not write through it.
  return transport(::tlm::TLM_WRITE_COMMAND, aperture, address, const_cast<std::byte*>(in.data()),
                   in.size());
}

void MemoryPort::prepare(::tlm::tlm_command command, mmu::Aperture aperture, uint64_t address,
                         std::byte* data, size_t size) {
  physical_.aperture = aperture;
  payload_.set_command(command);
  payload_.set_address(address);
  payload_.set_data_ptr(reinterpret_cast<unsigned char*>(data));
  payload_.set_data_length(static_cast<unsigned>(size));
  payload_.set_streaming_width(static_cast<unsigned>(size));
  payload_.set_response_status(::tlm::TLM_INCOMPLETE_RESPONSE);
}

bool MemoryPort::transport(::tlm::tlm_command command, mmu::Aperture aperture, uint64_t address,
                           std::byte* data, size_t size) {
  if (aperture == mmu::Aperture::kPeer) return false;
  prepare(command, aperture, address, data, size);
  sc_core::sc_time delay;
  (*this)->b_transport(payload_, delay);
  return payload_.is_response_ok();
}

void MemoryPort::invalidate(sc_dt::uint64, sc_dt::uint64) {
  vram_ = {};
  system_.fill({});
}

}  // namespace faultline::tlm
