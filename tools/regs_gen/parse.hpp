// SPDX-License-Identifier: MIT
// TOML files to a description.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tools/regs_gen/description.hpp"

namespace faultline::regs_gen {

/// Problems found so far, one line each: file:line: entry: what is wrong.
using Errors = std::vector<std::string>;

void report(Errors& errors, const Place& place, std::string_view entry, std::string_view problem);

/// Adds the chapter in `text` to `description`; `file` is the name used in errors.
void parse_chapter(std::string_view text, const std::string& file, Description& description,
                   Errors& errors);

/// All *.toml files in `folder`, chapters sorted by their order. A folder without any is an error.
Description parse_folder(const std::filesystem::path& folder, Errors& errors);

}  // namespace faultline::regs_gen
