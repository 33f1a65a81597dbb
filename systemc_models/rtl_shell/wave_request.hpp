// SPDX-License-Identifier: MIT
// Which waveforms somebody wants of the RTL.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "systemc_models/rtl_shell/device_gmmu.hpp"

namespace faultline::rtl {

/// An FST file. Times in it: 1 ns a cycle, the rising edge at its beginning.
struct WaveRequest {
  std::string path;  ///< empty: no waveforms
  uint64_t first_cycle = 0;
  uint64_t last_cycle = std::numeric_limits<uint64_t>::max();
  uint64_t fault = 0;  ///< 1, 2...: only what is around this fault packet; 0: all the cycles above
};

/// As device_gmmu(), and writes waveforms. Throws std::runtime_error, in one line, if the file
/// cannot be written, or if the program is one that was linked without waveforms.
GmmuBuild waveform_gmmu(const WaveRequest& request);

}  // namespace faultline::rtl
