// SPDX-License-Identifier: MIT
// What faultline-translate does.
#pragma once

#include "tools/translate/options.hpp"
#include "tools/translate/report.hpp"

namespace faultline::translate {

inline constexpr int kAgreed = 0;
inline constexpr int kDifferent = 1;
inline constexpr int kUnusable = 2;

/// Asks the image's questions, or those of the options, and gives the exit status. Throws
/// ImageError.
int translate(const Image& image, const Options& options, Report& report);

/// The program; says on standard error what is wrong.
int run(const Options& options);

}  // namespace faultline::translate
