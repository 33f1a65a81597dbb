// SPDX-License-Identifier: MIT
// Parses the command line.
#include "tools/translate/options.hpp"

#include <CLI/CLI.hpp>
#include <map>

#include "tools/translate/program.hpp"

namespace faultline::translate {

namespace {

const std::map<std::string, mmu::Access> kAccesses{{"read", mmu::Access::kRead},
                                                   {"write", mmu::Access::kWrite},
                                                   {"atomic", mmu::Access::kAtomic},
                                                   {"atomic-weak", mmu::Access::kAtomicWeak},
                                                   {"prefetch", mmu::Access::kPrefetch}};

const std::map<std::string, MmuKind> kMmus{{"tlm", MmuKind::kModel}, {"rtl", MmuKind::kRtl}};

void add_options(CLI::App& app, Options& options) {
  app.add_option("IMAGE", options.image, "GMMU image, for example from the driver's debugfs")
      ->required();
  auto* const va = app.add_option("--va", options.addresses,
                                  "explain the walk for this address; may be repeated")
                       ->allow_extra_args(false);
  app.add_option("--access", options.access, "read, write, atomic, atomic-weak or prefetch")
      ->transform(CLI::Transformer(kAccesses).description(""))
      ->needs(va)
      ->default_str("read");
  app.add_flag("--privileged", options.privileged, "the request is privileged")->needs(va);
  app.add_option("--mmu", options.mmu,
                 "who answers: tlm, the functional model, or rtl, the Verilated SystemVerilog")
      ->transform(CLI::CheckedTransformer(kMmus).description(""))
      ->default_str("tlm");
  app.add_option("--wave", options.wave, "write waveforms of the RTL to FILE (FST)")
      ->type_name("FILE");
  app.add_flag("--json", options.json, "one JSON object a line");
  app.add_flag_callback(
         "--differences", [&options] { options.rows = Rows::kDifferences; },
         "only the rows that differ")
      ->excludes(va);
  app.footer("Exit status: 0 all as expected, 1 a difference, 2 a bad image or bad usage.");
}

}  // namespace

std::variant<Options, int> parse_options(int argc, const char* const* argv) {
  CLI::App app("Answers the questions of a GMMU image by an MMU and compares.",
               "faultline-translate");
  Options options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
    if (!options.wave.empty() && options.mmu != MmuKind::kRtl)
      throw CLI::ValidationError("--wave", "the functional model has no signals; use --mmu rtl");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kAgreed : kUnusable;
  }
  return options;
}

}  // namespace faultline::translate
