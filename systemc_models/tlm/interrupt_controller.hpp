// SPDX-License-Identifier: MIT
// The interrupt tree from its leaves to the message (device.md, "Interrupts").
#pragma once

#include <array>
#include <cstdint>
#include <systemc>

#include "systemc_models/tlm/mmu_ports.hpp"
#include "systemc_models/tlm/register_block.hpp"
#include "systemc_models/tlm/trace.hpp"

namespace faultline::tlm {

/// Whoever can interrupt the guest.
class MessageSink {
 public:
  virtual ~MessageSink() = default;
  virtual void send_interrupt() = 0;
};

/// Where channels interrupt.
class ChannelInterrupt : public sc_core::sc_interface {
 public:
  virtual void channel_interrupt(unsigned channel) = 0;
};

class InterruptController : public sc_core::sc_module,
                            public HubInterrupt,
                            public ChannelInterrupt,
                            public RegisterBlock {
 public:
  InterruptController(sc_core::sc_module_name name, MessageSink& sink, Trace& trace);

  sc_core::sc_export<HubInterrupt> hub;
  sc_core::sc_export<ChannelInterrupt> channels;

  void reset();
  uint64_t messages() const { return messages_; }

  void hub_interrupt(uint32_t pending, uint32_t rose) override;
  void channel_interrupt(unsigned channel) override;
  std::optional<uint32_t> read_register(uint32_t offset) override;
  Taken write_register(uint32_t offset, uint32_t value) override;

 private:
  uint32_t pending() const;
  void enable(uint32_t units);
  void send();

  MessageSink& sink_;
  Trace& trace_;
  std::array<uint32_t, regs::chan_intr::kCount> channels_pending_{};
  uint32_t hub_pending_ = 0;
  uint32_t enabled_ = 0;
  uint64_t messages_ = 0;
};

}  // namespace faultline::tlm
