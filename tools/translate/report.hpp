// SPDX-License-Identifier: MIT
// Who is told the answers.
#pragma once

#include <cstddef>

#include "tools/translate/image.hpp"
#include "tools/translate/translator.hpp"

namespace faultline::translate {

enum class Verdict : uint8_t { kAgrees, kDiffers, kMissing };

struct Row {
  size_t number;
  Query query;
  Reply reply;
  Verdict verdict;
};

struct Totals {
  size_t questions = 0;
  size_t differences = 0;
  size_t missing = 0;
};

class Report {
 public:
  virtual ~Report() = default;
  virtual void begin(const Image& image) = 0;
  virtual void row(const Row& row) = 0;
  virtual void end(const Totals& totals) = 0;
  /// An answer to a question that the image does not ask.
  virtual void answer(const Question& question, const Reply& reply) = 0;
};

}  // namespace faultline::translate
