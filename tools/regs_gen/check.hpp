// SPDX-License-Identifier: MIT
// What a description must satisfy before anything is generated from it.
#pragma once

#include "tools/regs_gen/description.hpp"
#include "tools/regs_gen/parse.hpp"

namespace faultline::regs_gen {

/// Gives registers with `like` the fields of the register they name.
void resolve_likes(Description& description, Errors& errors);

/// Names, enums, overlaps, bounds, offsets and reset values.
void check(const Description& description, Errors& errors);

}  // namespace faultline::regs_gen
