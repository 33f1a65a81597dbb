// SPDX-License-Identifier: MIT
// The command line of faultline-translate.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "systemc_models/mmu/gmmu.hpp"
#include "tools/translate/table_report.hpp"

namespace faultline::translate {

enum class MmuKind : uint8_t { kModel, kRtl };

struct Options {
  std::string image;
  std::vector<uint64_t> addresses;  ///< none: the image's own questions
  mmu::Access access = mmu::Access::kRead;
  bool privileged = false;
  MmuKind mmu = MmuKind::kModel;
  std::string wave;  ///< file for waveforms of the RTL; empty: none
  bool json = false;
  Rows rows = Rows::kAll;
};

/// The options, or the status to end with: help was asked for, or something is wrong and has been
/// said.
std::variant<Options, int> parse_options(int argc, const char* const* argv);

}  // namespace faultline::translate
