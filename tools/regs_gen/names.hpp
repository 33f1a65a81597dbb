// SPDX-License-Identifier: MIT
// One name in the spelling of each language.
#pragma once

#include <string>
#include <string_view>

namespace faultline::regs_gen {

/// mmu_ctrl -> MMU_CTRL
std::string upper(std::string_view name);
/// VA_LIMIT_VIOLATION -> VaLimitViolation; T1_10 -> T1_10, because T110 would be another name
std::string camel(std::string_view name);
/// FaultType -> fault_type
std::string snake(std::string_view camel_name);
/// C macros: FAULTLINE_ and the name in capitals, the prefix only once.
std::string c_name(std::string_view name);

bool is_snake(std::string_view name);
bool is_camel(std::string_view name);
bool is_upper(std::string_view name);
/// Whether a snake_case name is a keyword in C, C++ or SystemVerilog, or taken by the generated
/// code itself.
bool is_reserved(std::string_view name);

}  // namespace faultline::regs_gen
