// SPDX-License-Identifier: MIT
// Pauses the simulation when its host time is used up.
#include "systemc_models/tlm/pacer.hpp"

#include <systemc>

namespace faultline::tlm {

using Clock = std::chrono::steady_clock;

void Pacer::start(std::chrono::nanoseconds budget) { deadline_ = Clock::now() + budget; }

void Pacer::worked() {
  if (Clock::now() < deadline_) return;
  deadline_ = Clock::time_point::max();
  sc_core::sc_pause();
}

}  // namespace faultline::tlm
