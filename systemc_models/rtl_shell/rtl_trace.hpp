// SPDX-License-Identifier: MIT
// What the RTL does, as events of the trace.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

#include "systemc_models/rtl_shell/port_observer.hpp"
#include "systemc_models/tlm/trace.hpp"

namespace faultline::rtl {

/// The same events as tlm::MmuTrace, as far as the ports show them. Reads do not say for which
/// request they are: they are told of the latest one that missed or is replayed, which is right
/// when it is alone.
class RtlTrace : public PortObserver {
 public:
  /// Tells the client's tag of a request by that on the ports.
  using ClientTag = std::function<uint64_t(uint16_t)>;

  RtlTrace(tlm::Trace& out, ClientTag client_tag) : out_(out), client_tag_(std::move(client_tag)) {}

  void cycle_begins(uint64_t cycle) override;
  void requested(unsigned port, const mmu::Request& request) override;
  void responded(unsigned port, const Response& response) override;
  void withdrawn(unsigned port, uint16_t tag) override;
  void memory_read(const ReadChannel::Read& read) override;
  void memory_written(const WriteChannel::Burst& burst) override;
  void register_accessed(const RegisterAccess& access) override;
  void was_reset() override;

 private:
  struct Open {
    mmu::Request request;
    uint64_t taken;  ///< cycle
    bool missed = false;
    bool parked = false;
  };

  using Packet = std::array<uint32_t, regs::fault_packet::kWords>;

  void about(std::string_view event, const mmu::Request& request);
  void tell_packet(const Packet& packet);

  tlm::Trace& out_;
  ClientTag client_tag_;
  std::map<uint16_t, Open> open_;
  uint64_t cycle_ = 0;
  uint64_t walking_tag_ = 0;
  Packet packet_{};  // as far as it has been written
  uint64_t packets_ = 0;
};

}  // namespace faultline::rtl
