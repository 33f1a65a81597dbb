// SPDX-License-Identifier: MIT
// The translation sanitizer at the MMU of the device, and its reports in the log.
#pragma once

#include <cstdint>

#include "systemc_models/sanitize/sanitizer.hpp"
#include "systemc_models/tlm/device_clock.hpp"
#include "systemc_models/tlm/mmu_ports.hpp"
#include "systemc_models/tlm/port_memory.hpp"

namespace faultline::device {

class DriverWatch : private mmu::Clock {
 public:
  /// Watches `mmu` until it is gone.
  DriverWatch(tlm::MmuPorts& mmu, const tlm::DeviceClock& clock,
              unsigned default_fault_buffer_entries);

  /// Mistakes of the driver; each is in the log, but for those after the first few.
  uint64_t mistakes() const { return mistakes_; }

 private:
  uint64_t now_ns() override { return clock_.now_ns(); }
  void log(const sanitize::Mistake& mistake);

  const tlm::DeviceClock& clock_;
  tlm::PortMemory memory_;
  sanitize::Sanitizer sanitizer_;
  uint64_t mistakes_ = 0;
};

}  // namespace faultline::device
