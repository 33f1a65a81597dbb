// SPDX-License-Identifier: MIT
// Violations in words.
#pragma once

#include <fmt/format.h>

#include "systemc_models/check/checker.hpp"

namespace faultline::check {

inline std::string text_of(const mmu::Request& request) {
  const mmu::Requester& who = request.requester;
  return fmt::format("{} of {:#x} by engine {}, {} client {} of GPC {}, instance {:#x}",
                     to_string(static_cast<regs::AccessType>(request.access)), request.va,
                     who.engine_id, who.client_type == mmu::ClientType::kGpc ? "GPC" : "hub",
                     who.client, who.gpc, who.instance.address);
}

template <typename... Arguments>
void Checker::complain(const char* text, const Arguments&... arguments) {
  report_({.cycle = cycle_, .text = fmt::format(fmt::runtime(text), arguments...)});
}

}  // namespace faultline::check
