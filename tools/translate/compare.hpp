// SPDX-License-Identifier: MIT
// Answers against what was expected.
#pragma once

#include "tools/translate/image.hpp"
#include "tools/translate/translator.hpp"

namespace faultline::translate {

/// `reply` lacks no memory.
bool agrees(const Reply& reply, const Expected& expected);

}  // namespace faultline::translate
