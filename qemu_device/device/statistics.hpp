// SPDX-License-Identifier: MIT
// The device's counters for people and programs.
#pragma once

#include <string>

#include "systemc_models/tlm/device.hpp"

namespace faultline::device {

/// One JSON object on one line.
std::string to_json(const tlm::DeviceStatistics& statistics);

}  // namespace faultline::device
