// SPDX-License-Identifier: MIT
// The command line.
#include <catch2/catch_test_macros.hpp>

#include "tools/translate/program.hpp"

namespace faultline::translate::test {

namespace {

std::variant<Options, int> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "faultline-translate");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("addresses are read in decimal and hexadecimal") {
  const auto parsed = parse({"--va", "0x7f0000001000", "--va", "4096", "image", "--access",
                             "atomic-weak", "--privileged"});
  const auto& options = std::get<Options>(parsed);
  CHECK(options.image == "image");
  CHECK(options.addresses == std::vector<uint64_t>{0x7f00'0000'1000, 4096});
  CHECK(options.access == mmu::Access::kAtomicWeak);
  CHECK(options.privileged);
}

TEST_CASE("bad usage ends with 2, help with 0") {
  CHECK(std::get<int>(parse({"--help"})) == kAgreed);
  CHECK(std::get<int>(parse({})) == kUnusable);
  CHECK(std::get<int>(parse({"image", "--va", "here"})) == kUnusable);
  CHECK(std::get<int>(parse({"image", "--va", "1", "--access", "look"})) == kUnusable);
  CHECK(std::get<int>(parse({"image", "--access", "write"})) == kUnusable);
  CHECK(std::get<int>(parse({"image", "--wave", "file"})) == kUnusable);
  CHECK(std::get<int>(parse({"image", "--privileged"})) == kUnusable);
}

}  // namespace faultline::translate::test
