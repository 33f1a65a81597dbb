// SPDX-License-Identifier: MIT
// faultline-device: the emulated device for QEMU's vfio-user-pci.
#include <cstdio>
#include <exception>
#include <systemc>
#include <variant>

#include "qemu_device/device/program.hpp"

// SystemC's library refers to it; the program begins in main().
int sc_main(int, char**) { return 0; }

int main(int argc, char** argv) {
  using namespace faultline::device;
  const auto settings = parse_settings(argc, argv);
  if (const int* status = std::get_if<int>(&settings)) return *status;
  try {
    serve(std::get<Settings>(settings));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "faultline-device: %s\n", error.what());
    return 1;
  }
  return 0;
}
