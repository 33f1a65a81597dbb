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
  kStored,  ///< kept and read back, without effect
  kAbsent,
};

std::string_view to_string(State state);

struct Claim {
  State state = State::kAbsent;
  std::vector<std::string> tested_by;
  std::string why;
};

/// Registers, records and enums ("mmu_ctrl"), or some of their fields and values
/// ("mmu_ctrl.cache_mode", "GpcClient.T1_*").
struct Entry {
  Place place;
  std::vector<std::string> of;
  Claim claim;
};

/// What a manual, or a driver that knows the hardware, says beyond names and bits.
struct Behaviour {
  Place place;
  std::string id;
  std::string text;
  Claim claim;
};

struct Manual {
  std::string name;
  std::string text;
  std::vector<Entry> entries;
  std::vector<Behaviour> behaviours;
};

using Table = std::vector<Manual>;

/// `file` is the name used in errors. Claims that say too little are errors: implemented without
/// test and without reason, stored or absent without reason.
Table parse_table(std::string_view text, const std::string& file, Errors& errors);

}  // namespace faultline::compliance
