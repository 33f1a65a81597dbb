// SPDX-License-Identifier: MIT
// faultline-regs-gen: writes every file that is generated from the register description.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "tools/regs_gen/check.hpp"
#include "tools/regs_gen/emit.hpp"
#include "tools/regs_gen/parse.hpp"

namespace {

using namespace faultline::regs_gen;  // NOLINT: this is the tool itself
namespace fs = std::filesystem;

/// File name under the output root -> text.
std::map<std::string, std::string> outputs(const Description& description) {
  std::map<std::string, std::string> files = {
      {"regs/generated/faultline_regs.hpp", emit_cpp(description)},
      {"regs/generated/faultline_regs.h", emit_c(description)},
      {"regs/generated/faultline_regs_pkg.sv", emit_sv(description)},
      {"docs/reference/registers.md", emit_markdown(description)},
  };
  for (auto& [name, text] : emit_gtkwave(description))
    files["waveforms/filters/" + name] = std::move(text);
  return files;
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Leaves a file alone that is as it should be, so that nothing is rebuilt for it.
bool write_file(const fs::path& path, const std::string& text) {
  if (read_file(path) == text) return true;
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) {
    fmt::print(stderr, "{}: cannot be written; check the folder's permissions and free space\n",
               path.string());
  }
  return static_cast<bool>(stream);
}

int generate(const fs::path& input, const fs::path& output_root) {
  Errors errors;
  Description description = parse_folder(input, errors);
  resolve_likes(description, errors);
  check(description, errors);
  for (const std::string& error : errors) fmt::print(stderr, "{}\n", error);
  if (!errors.empty()) return 1;
  for (const auto& [name, text] : outputs(description)) {
    if (!write_file(output_root / name, text)) return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Generates the register headers, package, reference and waveform filters from regs/*.toml.");
  fs::path input = "regs";
  fs::path output_root = ".";
  app.add_option("--input", input, "folder of the *.toml files")->capture_default_str();
  app.add_option("--output-root", output_root, "root of the tree to write into")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return generate(input, output_root);
}
