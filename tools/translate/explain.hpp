// SPDX-License-Identifier: MIT
// One question, entry by entry.
#pragma once

#include <string>

#include "tools/translate/translator.hpp"

namespace faultline::translate {

/// The walk and the answer for people, several lines.
std::string explain(const Question& question, const Reply& reply);

/// Why it is a fault, or sparse, by the fields of the last entry; empty for a translation.
std::string reason(const Question& question, const Reply& reply);

}  // namespace faultline::translate
