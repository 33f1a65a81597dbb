// SPDX-License-Identifier: MIT
// Answers as a table with aligned columns.
#pragma once

#include <cstdio>
#include <string>

#include "tools/translate/report.hpp"

namespace faultline::translate {

enum class Colour : uint8_t { kNo, kYes };
enum class Rows : uint8_t { kAll, kDifferences };

class TableReport : public Report {
 public:
  TableReport(std::FILE* out, Colour colour, Rows rows) : out_(out), colour_(colour), rows_(rows) {}

  void begin(const Image& image) override;
  void row(const Row& row) override;
  void end(const Totals& totals) override;
  void answer(const Question& question, const Reply& reply) override;

 private:
  std::string marked(const char* text) const;

  std::FILE* out_;
  Colour colour_;
  Rows rows_;
};

}  // namespace faultline::translate
