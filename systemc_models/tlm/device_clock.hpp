// SPDX-License-Identifier: MIT
// Device time: the model's one clock, never behind the host's.
#pragma once

#include <chrono>
#include <cstdint>

namespace faultline::tlm {

/// Simulated time, moved forward to the host's at each look at the world. So it never goes back,
/// and can be compared with the guest's clock (device.md, "Device time").
class DeviceClock {
 public:
  DeviceClock();

  uint64_t now_ns() const;
  /// Call when something arrives, and before the model goes on.
  void sync();

 private:
  uint64_t simulated_ns() const;

  std::chrono::steady_clock::time_point start_;
  uint64_t ticks_per_ns_;
  uint64_t ahead_ns_ = 0;
};

}  // namespace faultline::tlm
