// SPDX-License-Identifier: MIT
// The compliance table against the register description and the tests.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tools/compliance/table.hpp"
#include "tools/regs_gen/description.hpp"

namespace faultline::compliance {

/// Fields of one register or record, or values of one enum, that share a claim.
struct Row {
  std::string owner;
  std::string manual;                ///< the manual's name of the owner, or nothing
  std::vector<std::string> members;  ///< in capitals
  std::vector<std::string> named;    ///< as the claim names them, in capitals; empty: the rest
  bool is_whole = false;             ///< these are all its members
  const Claim* claim = nullptr;
};

/// The rows of one manual, in the order of its claims.
struct Section {
  const Manual* manual = nullptr;
  std::vector<Row> rows;
};

/// A claim about a register holds for the fields that have none of their own. Errors: a field or
/// value without a claim, one with two, a claim about something that is not described, and
/// something that is described called unmodelled. The result refers to `table`.
std::vector<Section> cover(const regs_gen::Description& description, const Table& table,
                           Errors& errors);

/// One error for each test that the table names and that is not in `names`.
void check_tests(const Table& table, const std::set<std::string>& names, Errors& errors);

}  // namespace faultline::compliance
