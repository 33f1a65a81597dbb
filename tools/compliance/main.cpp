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
  fs::path tests;
  fs::path output;
};

std::string read_file(const fs::path& path, Errors& errors) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) errors.push_back(fmt::format("{}: cannot be read", path.string()));
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::set<std::string> read_lines(const fs::path& path) {
  std::set<std::string> lines;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return lines;
}

void write_file(const fs::path& path, const std::string& text, Errors& errors) {
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) errors.push_back(fmt::format("{}: cannot be written", path.string()));
}

void run(const Options& options, Errors& errors) {
  regs_gen::Description description = regs_gen::parse_folder(options.regs, errors);
  regs_gen::resolve_likes(description, errors);
  const Table table = parse_table(read_file(options.table, errors), options.table.string(), errors);
  if (!errors.empty()) return;
  const auto sections = cover(description, table, errors);
  if (!options.tests.empty()) check_tests(table, read_lines(options.tests), errors);
  if (errors.empty()) write_file(options.output, make_page(sections), errors);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Checks the compliance table against the register description and the tests, and writes it "
      "as a page.");
  Options options;
  app.add_option("--regs", options.regs, "folder of the register description")
      ->capture_default_str();
  app.add_option("--table", options.table, "the compliance table")->capture_default_str();
  app.add_option("--tests", options.tests, "file with the names of all tests, one a line")
      ->check(CLI::ExistingFile);
  app.add_option("--output", options.output, "the page")->required();
  CLI11_PARSE(app, argc, argv);
  Errors errors;
  run(options, errors);
  for (const std::string& error : errors) fmt::print(stderr, "{}\n", error);
  return errors.empty() ? 0 : 1;
}
