// SPDX-License-Identifier: MIT
// The way of one fault, from the device's access to its translation, in the order of time.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

namespace faultline::report {

enum class Who : uint8_t { kDevice, kDriver };

struct Step {
  int64_t ns;  ///< device time
  Who who;
  std::string what;
};

struct Timeline {
  std::string title;
  std::vector<Step> steps;
};

/// Follows those faults through the device's trace that the guest's demo has records of, and takes
/// the median one, by duration, of which every step is known.
/// `events`: the lines of `faultline-device --trace`, parsed. `demo`: what the guest's demo printed
/// after FAULTLINE-JSON. Throws std::runtime_error with one line if there is none.
Timeline follow_fault(std::span<const nlohmann::json> events, const nlohmann::json& demo);

/// Lines with aligned columns: time since the first step, since the one before, who, what.
std::string to_text(const Timeline& timeline);

}  // namespace faultline::report
