// SPDX-License-Identifier: MIT
// Video memory: sparse host memory behind a socket.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <span>
#include <systemc>
#include <tlm>

namespace faultline::tlm {

/// A memory file, so that a guest can map it; pages nobody wrote take no host memory.
class Vram : public sc_core::sc_module {
 public:
  /// `bytes`: a power of two, at least 1 MiB. Throws std::runtime_error with one line that names
  /// cause and remedy if the host cannot give that much.
  Vram(sc_core::sc_module_name name, uint64_t bytes);
  ~Vram() override;

  std::span<std::byte> memory() { return memory_; }
  int fd() const { return fd_; }
  /// All zero again, and given back to the host.
  void clear();

  tlm_utils::simple_target_socket<Vram> socket;

 private:
  bool holds(const ::tlm::tlm_generic_payload& payload) const;
  void transport(::tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  bool direct(::tlm::tlm_generic_payload& payload, ::tlm::tlm_dmi& dmi);

  int fd_ = -1;
  std::span<std::byte> memory_;
};

}  // namespace faultline::tlm
