// SPDX-License-Identifier: MIT
// Draws waveforms as an SVG picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/wave/fst_file.hpp"
#include "tools/wave/view.hpp"

namespace faultline::wave {

/// From and to which cycle of 1 ns; `last` beyond the end of the file means its end.
struct Cycles {
  uint64_t first;
  uint64_t last;
};

/// Throws std::runtime_error, in one line, if a signal of the view is not in the file.
std::string draw(FstFile& file, const std::vector<ViewLine>& view, Cycles cycles);

}  // namespace faultline::wave
