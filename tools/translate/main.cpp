// SPDX-License-Identifier: MIT
// faultline-translate: what a GMMU image should answer, and what the MMU's model answers.
#include "tools/translate/program.hpp"

int main(int argc, char** argv) {
  using namespace faultline::translate;
  const auto options = parse_options(argc, argv);
  if (const int* status = std::get_if<int>(&options)) return *status;
  return run(std::get<Options>(options));
}
