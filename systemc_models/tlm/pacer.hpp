// SPDX-License-Identifier: MIT
// Bounds how long the model keeps the host's thread before the event loop has a look at its socket.
#pragma once

#include <chrono>

namespace faultline::tlm {

class Pacer {
 public:
  /// From now on, a run of the simulation pauses after `budget` of host time.
  void start(std::chrono::nanoseconds budget);
  /// Called by a process after each piece of work, and before it waits.
  void worked();

 private:
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
};

}  // namespace faultline::tlm
