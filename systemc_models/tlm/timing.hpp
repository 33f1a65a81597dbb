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

/// In the kernel's unit. Without floating point, as every access comes by here.
inline uint64_t ticks(uint64_t ns) {
  static const uint64_t kTicksPerNs = sc_core::sc_time(1, sc_core::SC_NS).value();
  return ns * kTicksPerNs;
}

inline sc_core::sc_time nanoseconds(uint64_t ns) { return sc_core::sc_time::from_value(ticks(ns)); }

inline uint64_t memory_ns(const Timing& timing, uint64_t bytes) {
  return timing.memory_access_ns + bytes / timing.memory_bytes_per_ns;
}

}  // namespace faultline::tlm
