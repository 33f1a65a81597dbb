// SPDX-License-Identifier: MIT
// The lines of a .gtkw file and of its filters.
#include "tools/wave/view.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace faultline::wave {

namespace {

std::ifstream open(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error(fmt::format("cannot read '{}'", path.string()));
  return in;
}

/// "VALUE NAME" a line; # begins a comment.
std::map<std::string, std::string> read_filter(const std::filesystem::path& path) {
  std::ifstream in = open(path);
  std::map<std::string, std::string> names;
  for (std::string line; std::getline(in, line);) {
    const size_t space = line.find(' ');
    if (line.starts_with('#') || space == std::string::npos) continue;
    names[line.substr(0, space)] = line.substr(space + 1);
  }
  return names;
}

bool is_filter(const std::string& line) { return line.starts_with("^1 "); }

bool is_signal(const std::string& line) {
  return !line.empty() && line.find_first_of("@[*^-") != 0 && line.find('.') != std::string::npos;
}

}  // namespace

std::vector<ViewLine> read_view(const std::string& path) {
  const auto root = std::filesystem::absolute(path).parent_path().parent_path();
  std::ifstream in = open(path);
  std::vector<ViewLine> lines;
  std::map<std::string, std::string> filter;
  for (std::string line; std::getline(in, line);) {
    if (is_filter(line)) filter = read_filter(root / line.substr(3));
    if (line.starts_with('-')) lines.push_back({.text = line.substr(1), .filter = {}});
    if (!is_signal(line)) continue;
    lines.push_back({.text = line, .is_signal = true, .filter = std::move(filter)});
    filter.clear();
  }
  return lines;
}

}  // namespace faultline::wave
