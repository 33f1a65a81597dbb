// SPDX-License-Identifier: MIT
// In place of traced_gmmu.cpp, in programs that shall not wait for the compilation of a second RTL.
#include <stdexcept>

#include "systemc_models/rtl_shell/wave_request.hpp"

namespace faultline::rtl {

GmmuBuild waveform_gmmu(const WaveRequest&) {
  throw std::runtime_error(
      "this program was linked without waveforms; the one with -wave at the end of its name has "
      "them, and the same options");
}

}  // namespace faultline::rtl
