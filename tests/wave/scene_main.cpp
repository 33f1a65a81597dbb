// SPDX-License-Identifier: MIT
// faultline-wave-scene FILE [--cycles FROM:TO | --fault N]: waveforms of one replayed fault.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "systemc_models/rtl_shell/wave_request.hpp"
#include "tests/wave/scene.hpp"

int main(int argc, char** argv) {
  using namespace faultline;
  rtl::WaveRequest request;
  CLI::App app("Plays one replayed fault and writes its waveforms");
  app.add_option("file", request.path)->required();
  app.add_option("--first", request.first_cycle);
  app.add_option("--last", request.last_cycle);
  app.add_option("--fault", request.fault);
  CLI11_PARSE(app, argc, argv);
  try {
    tests::Scene(rtl::waveform_gmmu(request)).play();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "faultline-wave-scene: %s\n", error.what());
    return 1;
  }
  return 0;
}
