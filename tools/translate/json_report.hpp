// SPDX-License-Identifier: MIT
// Answers for programs: one JSON object a line.
#pragma once

#include <cstdio>

#include "tools/translate/report.hpp"

namespace faultline::translate {

class JsonReport : public Report {
 public:
  explicit JsonReport(std::FILE* out) : out_(out) {}

  void begin(const Image&) override {}
  void row(const Row& row) override;
  void end(const Totals& totals) override;
  void answer(const Question& question, const Reply& reply) override;

 private:
  std::FILE* out_;
};

}  // namespace faultline::translate
