// SPDX-License-Identifier: MIT
// Exit statuses, and what is printed.
#include "tools/translate/program.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdlib>
#include <functional>

#include "tests/unit/translate/image_writer.hpp"
#include "tools/translate/json_report.hpp"

namespace faultline::translate::test {

using Catch::Matchers::ContainsSubstring;
using mmu::Access;
using mmu::Level;

namespace {

constexpr uint64_t kVa = 0x7fff'1234'5000;
constexpr uint64_t kPa = 0x3'4567'8000;

struct Outcome {
  int status = 0;
  std::string text;
};

using MakeReport = std::function<std::unique_ptr<Report>(std::FILE*)>;

Outcome run_on(ImageWriter& writer, const MakeReport& make_report, const Options& options = {}) {
  char* text = nullptr;
  size_t size = 0;
  std::FILE* const out = open_memstream(&text, &size);
  const auto bytes = writer.bytes();
  Outcome outcome;
  outcome.status = translate(Image(bytes), options, *make_report(out));
  std::fclose(out);
  outcome.text.assign(text, size);
  std::free(text);
  return outcome;
}

template <Rows rows = Rows::kAll>
std::unique_ptr<Report> table(std::FILE* out) {
  return std::make_unique<TableReport>(out, Colour::kNo, rows);
}
std::unique_ptr<Report> json(std::FILE* out) { return std::make_unique<JsonReport>(out); }

/// One question that is answered as expected, one that is not.
ImageWriter half_right() {
  ImageWriter writer;
  writer.tables.map(kVa, Level::kPte4k,
                    {.address = kPa, .aperture = regs::PteAperture::kSysCoherent});
  writer.queries = {ImageWriter::reads(kVa, kPa),
                    ImageWriter::faults(kVa, Access::kWrite, regs::FaultType::kRoViolation)};
  return writer;
}

}  // namespace

TEST_CASE("the status is 0 if all agree") {
  ImageWriter writer = half_right();
  writer.queries.pop_back();
  const Outcome outcome = run_on(writer, table<>);
  CHECK(outcome.status == kAgreed);
  CHECK_THAT(outcome.text, ContainsSubstring("1 questions: 1 as expected, 0 different"));
  CHECK_THAT(outcome.text, ContainsSubstring("0x00007fff12345000  READ"));
}

TEST_CASE("the status is 1 if one differs, which is marked") {
  ImageWriter writer = half_right();
  const Outcome all = run_on(writer, table<>);
  CHECK(all.status == kDifferent);
  CHECK_THAT(all.text, ContainsSubstring("DIFFERS\n") && ContainsSubstring("RO_VIOLATION"));
  CHECK_THAT(all.text, ContainsSubstring("  READ"));
  const Outcome only = run_on(writer, table<Rows::kDifferences>);
  CHECK_THAT(only.text, !ContainsSubstring("  READ") && ContainsSubstring("  WRITE"));
}

TEST_CASE("the status is 2 if the image lacks memory") {
  ImageWriter writer = half_right();
  writer.tables.write(
      uint64_t{1} << 47, Level::kPde3,
      builder::pde_of({.address = 0x9'9999'9000, .aperture = regs::PdeAperture::kVidmem}));
  writer.queries = {ImageWriter::reads(uint64_t{1} << 47, kPa)};
  const Outcome outcome = run_on(writer, table<>);
  CHECK(outcome.status == kUnusable);
  CHECK_THAT(outcome.text, ContainsSubstring("NO MEMORY THERE"));
}

TEST_CASE("an image without questions is answered, with nothing") {
  ImageWriter writer = half_right();
  writer.queries.clear();
  CHECK(run_on(writer, table<>).status == kAgreed);
}

TEST_CASE("JSON has a line for each question and one for the sum") {
  ImageWriter writer = half_right();
  const Outcome outcome = run_on(writer, json);
  CHECK(outcome.status == kDifferent);
  CHECK_THAT(outcome.text, ContainsSubstring(R"("pa":"0x345678000")") &&
                               ContainsSubstring(R"("agrees":true)") &&
                               ContainsSubstring(R"("agrees":false)") &&
                               ContainsSubstring(R"({"questions":2,"different":1,"missing":0})"));
}

TEST_CASE("addresses of the command line are explained") {
  ImageWriter writer = half_right();
  Options options;
  options.addresses = {kVa, kVa + 0x1000};
  const Outcome told = run_on(writer, table<>, options);
  CHECK(told.status == kAgreed);
  CHECK_THAT(told.text, ContainsSubstring("page of 4K") && ContainsSubstring("fault PTE"));
  CHECK_THAT(run_on(writer, json, options).text,
             ContainsSubstring(R"("reason":"VALID and VOL of the PTE of 4K are 0")"));
}

}  // namespace faultline::translate::test
