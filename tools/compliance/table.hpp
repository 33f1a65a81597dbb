// SPDX-License-Identifier: MIT
// The compliance table in memory: what docs/reference/compliance.toml claims.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/regs_gen/description.hpp"
#include "tools/regs_gen/parse.hpp"

namespace faultline::compliance {

using regs_gen::Errors;
using regs_gen::Place;

enum class State {
  kImplemented,
  kStored,  ///< kept and read back, or carried along, without effect
  kAbsent,
};

std::string_view to_string(State state);

/// What holds for registers, records and enums of regs/*.toml ("mmu_ctrl"), or for some of their
/// fields and values ("mmu_ctrl.cache_mode", "GpcClient.T1_*").
struct Claim {
  Place place;
  std::vector<std::string> of;
  State state = State::kAbsent;
  std::vector<std::string> tested_by;
  std::string why;
};

/// What a manual has and regs/*.toml does not, by the manual's names.
struct Unmodelled {
  Place place;
  std::vector<std::string> names;
  std::string why;
};

struct Manual {
  std::string name;
  std::string text;
  std::vector<Claim> claims;
  std::vector<Unmodelled> unmodelled;
};

using Table = std::vector<Manual>;

/// `file` is the name used in errors. Claims that say too little are errors: implemented without a
/// test and without a reason, stored, absent or unmodelled without a reason.
Table parse_table(std::string_view text, const std::string& file, Errors& errors);

}  // namespace faultline::compliance
