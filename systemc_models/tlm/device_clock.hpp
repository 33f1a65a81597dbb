// SPDX-License-Identifier: MIT
// Device time: the model's one clock, kept in step with the host's while the model is idle.
#pragma once

#include <chrono>
#include <cstdint>

namespace faultline::tlm {

/// Simulated time, moved forward by what the model slept. So it never goes back, and can be
/// compared with the guest's clock (device.md, "Device time").
class DeviceClock {
 public:
  DeviceClock();

  uint64_t now_ns() const;
  /// Call when something arrives while the model has nothing to do.
  void wake();

 private:
  uint64_t simulated_ns() const;

  std::chrono::steady_clock::time_point start_;
  uint64_t ticks_per_ns_;
  uint64_t slept_ns_ = 0;
};

}  // namespace faultline::tlm
