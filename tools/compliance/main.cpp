// SPDX-License-Identifier: MIT
// faultline-compliance: holds the compliance table to the register description and to the tests,
// and writes it as a page.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tools/compliance/coverage.hpp"
#include "tools/compliance/known_tests.hpp"
#include "tools/compliance/page.hpp"
#include "tools/compliance/table.hpp"
#include "tools/regs_gen/check.hpp"

namespace {

using namespace faultline::compliance;  // NOLINT: this is the tool itself
namespace fs = std::filesystem;
namespace regs_gen = faultline::regs_gen;

struct Options {
  fs::path regs = "regs";
  fs::path table = "docs/reference/compliance.toml";
  fs::path page = "docs/reference/compliance.md";
  fs::path tests = "tests";
  fs::path ctest_names;
  bool write = false;
};

std::string read_file(const fs::path& path, Errors& errors) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) errors.push_back(fmt::format("{}: cannot be read", path.string()));
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// All test names: of the sources, and, one a line in a file, of ctest.
TestNames all_names(const Options& options) {
  TestNames names = names_in_folder(options.tests);
  std::ifstream stream(options.ctest_names);
  for (std::string line; std::getline(stream, line);) names.insert(line);
  return names;
}

void write_page(const fs::path& path, const std::string& text, Errors& errors) {
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) errors.push_back(fmt::format("{}: cannot be written", path.string()));
}

void check_page(const Options& options, const std::string& text, Errors& errors) {
  if (read_file(options.page, errors) != text)
    errors.push_back(
        fmt::format("{}: is not what {} gives: build the target 'compliance-page' and commit "
                    "the result",
                    options.page.string(), options.table.string()));
}

int run(const Options& options) {
  Errors errors;
  regs_gen::Description description = regs_gen::parse_folder(options.regs, errors);
  regs_gen::resolve_likes(description, errors);
  const Table table = parse_table(read_file(options.table, errors), options.table.string(), errors);
  if (errors.empty()) {
    const auto sections = cover(description, table, errors);
    if (!options.write) {
      check_tests(table, all_names(options), errors);
      check_page(options, make_page(sections), errors);
    } else if (errors.empty()) {
      write_page(options.page, make_page(sections), errors);
    }
  }
  for (const std::string& error : errors) fmt::print(stderr, "{}\n", error);
  return errors.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Checks the compliance table against the register description and the tests, and its page "
      "against it.");
  Options options;
  app.add_option("--regs", options.regs, "folder of the register description")
      ->capture_default_str();
  app.add_option("--table", options.table, "the compliance table")->capture_default_str();
  app.add_option("--page", options.page, "the page made from it")->capture_default_str();
  app.add_option("--tests", options.tests, "folder of the tests")->capture_default_str();
  app.add_option("--ctest-names", options.ctest_names, "file with the names of ctest, one a line")
      ->check(CLI::ExistingFile);
  app.add_flag("--write", options.write,
               "write the page instead of checking it; whether the tests exist is not checked");
  CLI11_PARSE(app, argc, argv);
  return run(options);
}
