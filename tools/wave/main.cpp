// SPDX-License-Identifier: MIT
// faultline-wave: draws what a saved view shows of an FST file.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <fstream>
#include <limits>
#include <string>

#include "tools/wave/picture.hpp"

int main(int argc, char** argv) {
  using namespace faultline::wave;
  constexpr int kUsageError = 2;
  std::string file, view, output;
  Cycles cycles{0, std::numeric_limits<uint64_t>::max()};
  CLI::App app("Draws waveforms as an SVG picture");
  app.add_option("FILE", file, "waveforms, FST")->required()->check(CLI::ExistingFile);
  app.add_option("--view", view, "saved view of GTKWave: which signals")->required();
  app.add_option("--output", output, "the picture")->required();
  app.add_option("--from", cycles.first, "first cycle");
  app.add_option("--to", cycles.last, "last cycle");
  try {
    app.parse(argc, argv);
    if (cycles.first > cycles.last) throw CLI::ValidationError("--from", "is after --to");
    FstFile fst(file);
    std::ofstream out(output);
    out << draw(fst, read_view(view), cycles);
    if (!out.flush()) throw std::runtime_error(fmt::format("cannot write '{}'", output));
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "faultline-wave: %s (--help lists the options)\n", error.what());
    return kUsageError;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "faultline-wave: %s\n", error.what());
    return 1;
  }
  return 0;
}
