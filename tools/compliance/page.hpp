// SPDX-License-Identifier: MIT
// The compliance table as a page of the reference.
#pragma once

#include <string>
#include <vector>

#include "tools/compliance/coverage.hpp"

namespace faultline::compliance {

/// Markdown: the counts, then the tables of each manual.
std::string make_page(const std::vector<Section>& sections);

}  // namespace faultline::compliance
