// SPDX-License-Identifier: MIT
// Reports in the log.
#include "qemu_device/device/driver_watch.hpp"

#include <spdlog/spdlog.h>

namespace faultline::device {

namespace {

// One mistake shows at many pages, and a log should not fill the disk.
constexpr uint64_t kMostLogged = 20;

}  // namespace

DriverWatch::DriverWatch(tlm::MmuPorts& mmu, const tlm::DeviceClock& clock,
                         unsigned default_fault_buffer_entries)
    : clock_(clock),
      memory_(mmu.memory),
      sanitizer_(memory_, *this, default_fault_buffer_entries,
                 [this](const sanitize::Mistake& mistake) { log(mistake); }) {
  mmu.observe(sanitizer_);
}

void DriverWatch::log(const sanitize::Mistake& mistake) {
  ++mistakes_;
  if (mistakes_ <= kMostLogged)
    spdlog::error("sanitizer: {}: {}", to_string(mistake.kind), mistake.text);
  if (mistakes_ == kMostLogged) spdlog::error("sanitizer: what follows is only counted");
}

}  // namespace faultline::device
