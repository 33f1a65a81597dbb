// SPDX-License-Identifier: MIT
// The compliance table against the register description: which claim holds for which field.
#pragma once

#include <string>
#include <vector>

#include "tools/compliance/table.hpp"
#include "tools/regs_gen/description.hpp"

namespace faultline::compliance {

/// Fields of one register or record, or values of one enum, that share a claim.
struct Row {
  std::string owner;
  std::string manual;                ///< the manual's name of the owner
  std::vector<std::string> members;  ///< in capitals
  bool is_whole = false;             ///< these are all its members
  const Claim* claim = nullptr;
};

/// The rows of one manual, in the order of its entries.
struct Section {
  const Manual* manual = nullptr;
  std::vector<Row> rows;
};

/// A claim about a register holds for the fields that have none of their own. Errors: a field or
/// value of something with a manual's name without a claim, one with two, a claim about something
/// that is not described, a behaviour's id that is taken. The result refers to `table`.
std::vector<Section> cover(const regs_gen::Description& description, const Table& table,
                           Errors& errors);

}  // namespace faultline::compliance
