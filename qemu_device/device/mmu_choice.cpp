// SPDX-License-Identifier: MIT
// Makes the MMU, and the checker where one is wanted.
#include "qemu_device/device/mmu_choice.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

#include "systemc_models/rtl_shell/device_gmmu.hpp"
#include "systemc_models/rtl_shell/rtl_mmu.hpp"
#include "systemc_models/tlm/mmu.hpp"

namespace faultline::device {

namespace {

// One mistake of the RTL shows at many places, and a log should not fill the disk.
constexpr uint64_t kMostLogged = 20;

}  // namespace

MmuKind mmu_kind(std::string_view name) {
  return static_cast<MmuKind>(std::ranges::find(kMmuNames, name) - std::begin(kMmuNames));
}

tlm::MmuFactory MmuChoice::factory() {
  return [this](const mmu::Config& config, const tlm::Environment& environment,
                const tlm::DeviceClock& clock) { return make(config, environment, clock); };
}

std::unique_ptr<tlm::MmuPorts> MmuChoice::make(const mmu::Config& config,
                                               const tlm::Environment& environment,
                                               const tlm::DeviceClock& clock) {
  auto mmu = kind_ == MmuKind::kTlm ? tlm::Mmu::make(config, environment, clock)
                                    : make_rtl(environment, clock);
  if (sanitize_ == Sanitize::kYes)
    driver_watch_ = std::make_unique<DriverWatch>(*mmu, clock, config.default_fault_buffer_entries);
  return mmu;
}

std::unique_ptr<tlm::MmuPorts> MmuChoice::make_rtl(const tlm::Environment& environment,
                                                   const tlm::DeviceClock& clock) {
  const rtl::GmmuBuild build = wave_.path.empty() ? rtl::device_gmmu() : rtl::waveform_gmmu(wave_);
  auto mmu = std::make_unique<rtl::RtlMmu>("mmu", build, environment, clock);
  if (kind_ == MmuKind::kCheck) {
    checker_ = std::make_unique<check::Checker>(
        build.sizes, [this](const check::Violation& violation) { log(violation); });
    mmu->gmmu().observe(*checker_);
  }
  return mmu;
}

void MmuChoice::log(const check::Violation& violation) {
  ++violations_;
  if (violations_ <= kMostLogged)
    spdlog::error("checker: cycle {}: {}", violation.cycle, violation.text);
  if (violations_ == kMostLogged) spdlog::error("checker: what follows is only counted");
}

}  // namespace faultline::device
