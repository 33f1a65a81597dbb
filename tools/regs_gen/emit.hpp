// SPDX-License-Identifier: MIT
// The outputs: each function returns the text of one file.
#pragma once

#include <string>

#include "tools/regs_gen/description.hpp"

namespace faultline::regs_gen {

std::string emit_cpp(const Description& description);
std::string emit_c(const Description& description);

}  // namespace faultline::regs_gen
