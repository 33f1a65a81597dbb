// SPDX-License-Identifier: MIT
// The outputs: each function returns the text of one file, or of the files of one folder by name.
#pragma once

#include <map>
#include <string>

#include "tools/regs_gen/description.hpp"

namespace faultline::regs_gen {

std::string emit_cpp(const Description& description);
std::string emit_c(const Description& description);
std::string emit_sv(const Description& description);
std::string emit_markdown(const Description& description);
std::map<std::string, std::string> emit_gtkwave(const Description& description);

}  // namespace faultline::regs_gen
