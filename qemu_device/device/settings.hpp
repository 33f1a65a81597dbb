// SPDX-License-Identifier: MIT
// What the command line of faultline-device asks for.
#pragma once

#include <string>
#include <variant>

#include "qemu_device/device/function.hpp"
#include "qemu_device/device/mmu_choice.hpp"
#include "systemc_models/rtl_shell/wave_request.hpp"

namespace faultline::device {

enum class Lifetime { kUntilStopped, kOneClient };
enum class Statistics { kNo, kAtExit };

struct Settings {
  std::string socket;
  tlm::DeviceConfig device;
  MmuKind mmu = MmuKind::kTlm;
  Sanitize sanitize = Sanitize::kNo;
  rtl::WaveRequest wave;
  pci::InterruptKind interrupts = pci::InterruptKind::kMsi;
  VramMapping vram_mapping = VramMapping::kTrapped;
  std::string protocol_trace;  ///< empty: none; "-": standard error
  std::string log_level = "warning";
  Lifetime lifetime = Lifetime::kUntilStopped;
  Statistics statistics = Statistics::kNo;
};

/// The settings, or the status to exit with: help was printed, or one line that says what is wrong.
std::variant<Settings, int> parse_settings(int argc, char** argv);

}  // namespace faultline::device
