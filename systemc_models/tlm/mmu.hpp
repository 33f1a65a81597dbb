// SPDX-License-Identifier: MIT
// The functional MMU behind the sockets of MmuPorts.
#pragma once

#include <memory>
#include <unordered_map>

#include "systemc_models/mmu/gmmu_model.hpp"
#include "systemc_models/tlm/device_clock.hpp"
#include "systemc_models/tlm/environment.hpp"
#include "systemc_models/tlm/mmu_ports.hpp"
#include "systemc_models/tlm/mmu_trace.hpp"
#include "systemc_models/tlm/port_memory.hpp"

namespace faultline::tlm {

class Mmu : public MmuPorts, private mmu::Listener, private mmu::Clock {
 public:
  Mmu(sc_core::sc_module_name name, const mmu::Config& config, const Environment& environment,
      const DeviceClock& clock);

  /// An MmuFactory.
  static std::unique_ptr<MmuPorts> make(const mmu::Config& config, const Environment& environment,
                                        const DeviceClock& clock);

  void forget() override;
  mmu::Statistics statistics() const override { return gmmu_.statistics(); }

 private:
  // MmuPorts
  void translate(unsigned port, const mmu::Request& request, mmu::Answer& answer,
                 sc_core::sc_time& delay) override;
  void withdraw(uint64_t tag) override;
  bool has_register(uint32_t offset) const override { return gmmu_.has_register(offset); }
  uint32_t read_register(uint32_t offset) override { return gmmu_.read_register(offset); }
  void write_register(uint32_t offset, uint32_t value) override {
    gmmu_.write_register(offset, value);
  }
  // mmu::Listener
  void answered(uint64_t tag, const mmu::Answer& answer) override;
  void space(uint8_t gpc, uint8_t utlb) override { send_space(gpc, utlb); }
  void interrupt(uint32_t pending, uint32_t rose) override;
  // mmu::Clock
  uint64_t now_ns() override { return clock_.now_ns(); }

  void start_of_simulation() override;

  Environment environment_;
  const DeviceClock& clock_;
  MmuTrace mmu_trace_;
  PortMemory port_memory_;
  mmu::Gmmu gmmu_;
  std::unordered_map<uint64_t, unsigned> parked_;  // tag to port
};

}  // namespace faultline::tlm
