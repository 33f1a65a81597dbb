// SPDX-License-Identifier: MIT
// What all modules of the device share.
#pragma once

#include "systemc_models/tlm/pacer.hpp"
#include "systemc_models/tlm/timing.hpp"
#include "systemc_models/tlm/trace.hpp"

namespace faultline::tlm {

struct Environment {
  const Timing& timing;
  Pacer& pacer;
  Trace& trace;
};

}  // namespace faultline::tlm
