// SPDX-License-Identifier: MIT
// Requests, entries and times in words.
#pragma once

#include <cstdint>
#include <string>

#include "systemc_models/mmu/observer.hpp"
#include "systemc_models/sanitize/operations.hpp"
#include "systemc_models/sanitize/table_walk.hpp"

namespace faultline::sanitize {

std::string time_text(uint64_t ns);
std::string request_text(const mmu::Request& request);
/// What an entry that a walk read is and where it lies.
std::string place_text(const Step& step);
std::string space_text(mmu::SpaceKey space);
std::string page_text(mmu::Aperture aperture, uint64_t address);
std::string operation_text(const Operation& operation);
std::string note_text(const mmu::Note& note);

/// A line of a history: time and what was.
std::string line(uint64_t ns, const std::string& what);

}  // namespace faultline::sanitize
