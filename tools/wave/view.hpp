// SPDX-License-Identifier: MIT
// A saved view of GTKWave, as far as ours use one: headings, signals, filters with the names of
// values.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace faultline::wave {

struct ViewLine {
  std::string text;  ///< a heading, or the name of a signal
  bool is_signal = false;
  std::map<std::string, std::string> filter;  ///< name by value in hexadecimal; empty: none
};

/// Paths of filters are taken from the folder above that of the view, as GTKWave takes them when it
/// is begun there. Throws std::runtime_error, in one line.
std::vector<ViewLine> read_view(const std::string& path);

}  // namespace faultline::wave
