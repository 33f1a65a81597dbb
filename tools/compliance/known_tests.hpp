// SPDX-License-Identifier: MIT
// The names of all tests there are.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "tools/compliance/table.hpp"

namespace faultline::compliance {

using TestNames = std::set<std::string>;

/// Names of the Catch2 test cases in a C++ source.
TestNames catch2_names(std::string_view source);

/// Names of the tests in the C source of a guest program: TEST(name).
TestNames guest_names(std::string_view source);

/// Those of all *.cpp and *.c under `folder`.
TestNames names_in_folder(const std::filesystem::path& folder);

/// One error for each test that the table names and that is not in `names`.
void check_tests(const Table& table, const TestNames& names, Errors& errors);

}  // namespace faultline::compliance
