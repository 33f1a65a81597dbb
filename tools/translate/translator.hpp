// SPDX-License-Identifier: MIT
// An MMU that answers questions about an image.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/trace.hpp"
#include "tools/translate/image.hpp"

namespace faultline::translate {

/// A page-table entry that a walk read.
struct WalkEntry {
  mmu::Level level;
  Place at;
  size_t words;  ///< used of `word`
  std::array<uint64_t, regs::dual_pde::kWords> word;
};

/// The answer, and how it was found.
struct Reply {
  Result result = Result::kTranslated;
  regs::FaultType fault_type = regs::FaultType::kPde;  ///< of a fault
  mmu::Answer answer;                                  ///< of a translation
  std::vector<WalkEntry> walk;
  /// The image lacks what the walk needed here; then nothing else counts.
  std::optional<Place> missing;
};

class Translator {
 public:
  virtual ~Translator() = default;
  /// Each question is answered as if it were the first.
  virtual Reply ask(const Question& question) = 0;
};

}  // namespace faultline::translate
