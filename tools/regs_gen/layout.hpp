// SPDX-License-Identifier: MIT
// What several emitters share: wrapped comments, masks, registers in order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/regs_gen/description.hpp"

namespace faultline::regs_gen {

/// Generated files keep to this many columns.
inline constexpr size_t kColumns = 100;

/// `text` broken at blanks into lines of at most `columns` characters (a longer word keeps its own
/// line).
std::vector<std::string> wrap(std::string_view text, size_t columns);

/// `text` as lines that each begin with `prefix` ("  /// ", "// "), newline included.
std::string line_comment(std::string_view text, std::string_view prefix);

/// The bits of a field (of element 0, if it is an array) in its word.
uint64_t mask(const Field& field);

/// The bits of a register that follow `access`.
uint32_t access_mask(const Register& reg, AccessRule access);

/// All registers by offset.
std::vector<const Register*> by_offset(const Description& description);

/// The names of the variants of these fields, in order of appearance; one empty name if there are
/// none.
std::vector<std::string> variants(const std::vector<Field>& fields);

/// The fields of one variant and those of none, highest bit first.
std::vector<const Field*> fields_of(const std::vector<Field>& fields, std::string_view variant);

}  // namespace faultline::regs_gen
