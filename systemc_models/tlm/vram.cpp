// SPDX-License-Identifier: MIT
// Video memory as a memory file.
#include "systemc_models/tlm/vram.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "systemc_models/tlm/ordered_copy.hpp"

namespace faultline::tlm {

namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
// Physical video memory addresses have 37 bits (GP100 MMU format).
constexpr uint64_t kMaxBytes = uint64_t{1} << 37;

[[noreturn]] void refuse(uint64_t bytes, const char* what) {
  throw std::runtime_error(fmt::format("VRAM of {} MiB cannot be made: {}: {}; ask for less",
                                       bytes / kMiB, what, std::strerror(errno)));
}

void check(uint64_t bytes) {
  if (bytes >= kMiB && bytes <= kMaxBytes && std::has_single_bit(bytes)) return;
  throw std::runtime_error(
      fmt::format("VRAM of {} bytes: it must be a power of two from 1M to 128G", bytes));
}

}  // namespace

Vram::Vram(sc_core::sc_module_name name, uint64_t bytes) : sc_module(name), socket("socket") {
  check(bytes);
  fd_ = memfd_create("faultline-vram", MFD_CLOEXEC);
  if (fd_ < 0) refuse(bytes, "memfd_create");
  void* at = MAP_FAILED;
  if (ftruncate(fd_, static_cast<off_t>(bytes)) == 0)
    at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd_, 0);
  if (at == MAP_FAILED) {
    const int error = errno;
    close(fd_);
    errno = error;
    refuse(bytes, "memory file");
  }
  memory_ = {static_cast<std::byte*>(at), bytes};
  socket.register_b_transport(this, &Vram::transport);
  socket.register_get_direct_mem_ptr(this, &Vram::direct);
}

Vram::~Vram() {
  munmap(memory_.data(), memory_.size());
  close(fd_);
}

void Vram::clear() {
  const auto bytes = static_cast<off_t>(memory_.size());
  if (fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, bytes) != 0)
    std::memset(memory_.data(), 0, memory_.size());
}

bool Vram::holds(const ::tlm::tlm_generic_payload& payload) const {
  return payload.get_address() <= memory_.size() &&
         payload.get_data_length() <= memory_.size() - payload.get_address();
}

void Vram::transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
  if (!holds(payload)) {
    payload.set_response_status(::tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  std::byte* at = memory_.data() + payload.get_address();
  const std::span data(reinterpret_cast<std::byte*>(payload.get_data_ptr()),
                       payload.get_data_length());
  if (payload.is_read()) {
    ordered_load(data, at);
  } else {
    ordered_store(at, data);
  }
  payload.set_response_status(::tlm::TLM_OK_RESPONSE);
}

bool Vram::direct(::tlm::tlm_generic_payload&, ::tlm::tlm_dmi& dmi) {
  dmi.set_dmi_ptr(reinterpret_cast<unsigned char*>(memory_.data()));
  dmi.set_start_address(0);
  dmi.set_end_address(memory_.size() - 1);
  dmi.allow_read_write();
  return true;
}

}  // namespace faultline::tlm
