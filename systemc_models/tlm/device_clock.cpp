// SPDX-License-Identifier: MIT
// Simulated time, kept at or after the host's.
#include "systemc_models/tlm/device_clock.hpp"

#include <systemc>

namespace faultline::tlm {

DeviceClock::DeviceClock()
    : start_(std::chrono::steady_clock::now()),
      ticks_per_ns_(sc_core::sc_time(1, sc_core::SC_NS).value()) {}

uint64_t DeviceClock::simulated_ns() const {
  return sc_core::sc_time_stamp().value() / ticks_per_ns_;
}

uint64_t DeviceClock::now_ns() const { return simulated_ns() + ahead_ns_; }

void DeviceClock::sync() {
  const auto host = std::chrono::steady_clock::now() - start_;
  const auto host_ns =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(host).count());
  const uint64_t now = now_ns();
  if (host_ns > now) ahead_ns_ += host_ns - now;
}

}  // namespace faultline::tlm
