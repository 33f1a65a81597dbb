// SPDX-License-Identifier: MIT
// faultline-device from its settings to its end.
#pragma once

#include "qemu_device/device/settings.hpp"

namespace faultline::device {

/// Serves the device until it is told to stop. Throws with one line that names cause and remedy if
/// it cannot begin.
void serve(const Settings& settings);

}  // namespace faultline::device
