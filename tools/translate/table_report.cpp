// SPDX-License-Identifier: MIT
// Prints the table.
#include "tools/translate/table_report.hpp"

#include <fmt/format.h>

#include "tools/translate/entry_fields.hpp"
#include "tools/translate/explain.hpp"

namespace faultline::translate {

namespace {

/// The columns of an answer, given or expected.
struct Columns {
  std::string result;
  std::string aperture;
  std::string page;
  std::string kind;
  std::string flags;
};

std::string line(std::string_view va, std::string_view access, std::string_view privileged,
                 const Columns& columns, std::string_view verdict) {
  std::string text = fmt::format("{:<18}  {:<11}  {:<4}  {:<20}  {:<16}  {:<4}  {:<4}  {:<9}  {}",
                                 va, access, privileged, columns.result, columns.aperture,
                                 columns.page, columns.kind, columns.flags, verdict);
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

/// Of an Answer or an Expected, which call the parts of a page alike.
template <typename PageOf>
Columns page_columns(const PageOf& page) {
  std::string flags;
  if (page.vol) flags += "VOL ";
  if (page.read_only) flags += "RO ";
  if (page.atomic_disable) flags += "AD ";
  std::string aperture(aperture_name(page.aperture));
  if (page.aperture == mmu::Aperture::kPeer) aperture += fmt::format(" {}", page.peer);
  return {.result = fmt::format("{:#018x}", page.pa),
          .aperture = aperture,
          .page = std::string(page_size_name(page.page_shift)),
          .kind = fmt::format("{:#04x}", page.kind),
          .flags = flags};
}

Columns result_only(std::string_view result) {
  return {.result = std::string(result), .aperture = {}, .page = {}, .kind = {}, .flags = {}};
}

Columns columns_of(const Reply& reply) {
  if (reply.missing) return result_only(fmt::format("? {:#x}", reply.missing->address));
  if (reply.result == Result::kSparse) return result_only("sparse");
  if (reply.result == Result::kFault) return result_only(to_string(reply.fault_type));
  return page_columns(reply.answer);
}

std::string fault_name(std::optional<uint8_t> type) {
  return type ? std::string(to_string(static_cast<regs::FaultType>(*type))) : "any fault";
}

Columns columns_of(const Expected& expected) {
  if (expected.result == Result::kSparse) return result_only("sparse");
  if (expected.result == Result::kTranslated) return page_columns(expected);
  std::string text = fault_name(expected.fault_type);
  if (expected.alternative_fault_type) text += " or " + fault_name(expected.alternative_fault_type);
  return result_only(text);
}

}  // namespace

std::string TableReport::marked(const char* text) const {
  return colour_ == Colour::kYes ? fmt::format("\033[31m{}\033[0m", text) : text;
}

void TableReport::begin(const Image& image) {
  fmt::print(out_, "{} form, page directory at {} {:#x}, {} chunks of memory, {} questions\n",
             image.generation() == Generation::kPascal ? "Pascal" : "Volta",
             aperture_name(image.page_directory().aperture), image.page_directory().address,
             image.chunks().size(), image.query_count());
  if (image.query_count() == 0) return;
  fmt::print(out_, "\n{}",
             line("VA", "ACCESS", "PRIV",
                  {.result = "ANSWER",
                   .aperture = "APERTURE",
                   .page = "PAGE",
                   .kind = "KIND",
                   .flags = "FLAGS"},
                  ""));
}

void TableReport::row(const Row& row) {
  if (row.verdict == Verdict::kAgrees && rows_ == Rows::kDifferences) return;
  const Question& question = row.query.question;
  const std::string verdict = row.verdict == Verdict::kAgrees    ? ""
                              : row.verdict == Verdict::kDiffers ? marked("DIFFERS")
                                                                 : marked("NO MEMORY THERE");
  fmt::print(out_, "{}",
             line(fmt::format("{:#018x}", question.va),
                  to_string(static_cast<regs::AccessType>(question.access)),
                  question.privileged ? "yes" : "", columns_of(row.reply), verdict));
  if (row.verdict != Verdict::kDiffers) return;
  const bool interpreted = row.query.expected.basis == Basis::kInterpretation;
  fmt::print(out_, "{}",
             line("", "", "", columns_of(row.query.expected),
                  interpreted ? "expected (an interpretation of the manual)" : "expected"));
}

void TableReport::end(const Totals& totals) {
  fmt::print(out_, "\n{} questions: {} as expected, {} different", totals.questions,
             totals.questions - totals.differences - totals.missing, totals.differences);
  if (totals.missing != 0) fmt::print(out_, ", {} beyond the memory in the image", totals.missing);
  fmt::print(out_, "\n");
}

void TableReport::answer(const Question& question, const Reply& reply) {
  fmt::print(out_, "{}", explain(question, reply));
}

}  // namespace faultline::translate
