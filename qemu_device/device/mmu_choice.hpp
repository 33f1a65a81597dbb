// SPDX-License-Identifier: MIT
// Which MMU the device has: the functional model, the RTL, or the RTL held by the checker.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "qemu_device/device/driver_watch.hpp"
#include "systemc_models/check/checker.hpp"
#include "systemc_models/rtl_shell/wave_request.hpp"
#include "systemc_models/tlm/device.hpp"

namespace faultline::device {

enum class MmuKind { kTlm, kRtl, kCheck };

/// What --mmu takes.
inline constexpr std::string_view kMmuNames[] = {"tlm", "rtl", "check"};
MmuKind mmu_kind(std::string_view name);

/// --sanitize: hold the driver to its rules, too.
enum class Sanitize { kNo, kYes };

class MmuChoice {
 public:
  /// Waveforms, if `wave` has a path, are for RTL only.
  MmuChoice(MmuKind kind, Sanitize sanitize, rtl::WaveRequest wave)
      : kind_(kind), sanitize_(sanitize), wave_(std::move(wave)) {}

  /// To be used once, and not after this is gone.
  tlm::MmuFactory factory();
  /// What the checker objected to; each is in the log, but for those after the first few.
  uint64_t violations() const { return violations_; }
  /// What the sanitizer found in the driver.
  uint64_t mistakes() const { return driver_watch_ ? driver_watch_->mistakes() : 0; }

 private:
  std::unique_ptr<tlm::MmuPorts> make(const mmu::Config& config,
                                      const tlm::Environment& environment,
                                      const tlm::DeviceClock& clock);
  std::unique_ptr<tlm::MmuPorts> make_rtl(const tlm::Environment& environment,
                                          const tlm::DeviceClock& clock);
  void log(const check::Violation& violation);

  MmuKind kind_;
  Sanitize sanitize_;
  rtl::WaveRequest wave_;
  std::unique_ptr<check::Checker> checker_;
  std::unique_ptr<DriverWatch> driver_watch_;
  uint64_t violations_ = 0;
};

}  // namespace faultline::device
