// SPDX-License-Identifier: MIT
// How long things take in simulated time.
#pragma once

#include <cstdint>
#include <systemc>

namespace faultline::tlm {

/// Plausible, not measured on any hardware: they order events and give them believable distances.
struct Timing {
  unsigned tlb_hit_ns = 10;
  unsigned walk_step_ns = 120;        ///< one page-table entry or instance-block word read
  unsigned memory_access_ns = 250;    ///< first byte of an access, whichever memory
  unsigned memory_bytes_per_ns = 32;  ///< then at this rate
  unsigned job_ns = 500;              ///< fetching a job, writing its completion
};

/// Without floating point, as every access comes by here.
inline sc_core::sc_time nanoseconds(uint64_t ns) {
  static const sc_core::sc_time one(1, sc_core::SC_NS);
  return sc_core::sc_time::from_value(ns * one.value());
}

inline sc_core::sc_time memory_time(const Timing& timing, uint64_t bytes) {
  return nanoseconds(timing.memory_access_ns + bytes / timing.memory_bytes_per_ns);
}

}  // namespace faultline::tlm
