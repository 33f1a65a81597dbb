// SPDX-License-Identifier: MIT
// Reads, asks, compares, reports.
#include "tools/translate/program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "tools/translate/compare.hpp"
#include "tools/translate/json_report.hpp"
#include "tools/translate/mapped_file.hpp"
#include "tools/translate/model.hpp"
#include "tools/translate/rtl.hpp"

namespace faultline::translate {

namespace {

Verdict judge(const Reply& reply, const Expected& expected) {
  if (reply.missing) return Verdict::kMissing;
  return agrees(reply, expected) ? Verdict::kAgrees : Verdict::kDiffers;
}

int status_of(const Totals& totals) {
  if (totals.missing != 0) return kUnusable;
  return totals.differences != 0 ? kDifferent : kAgreed;
}

int ask_image(const Image& image, Translator& translator, Report& report) {
  Totals totals{.questions = image.query_count()};
  report.begin(image);
  for (size_t i = 0; i < totals.questions; ++i) {
    const Query query = image.query(i);
    const Reply reply = translator.ask(query.question);
    const Verdict verdict = judge(reply, query.expected);
    totals.differences += verdict == Verdict::kDiffers;
    totals.missing += verdict == Verdict::kMissing;
    report.row({.number = i, .query = query, .reply = reply, .verdict = verdict});
  }
  report.end(totals);
  return status_of(totals);
}

int ask_options(const Options& options, Translator& translator, Report& report) {
  int status = kAgreed;
  for (const uint64_t va : options.addresses) {
    const Question question{.va = va, .access = options.access, .privileged = options.privileged};
    const Reply reply = translator.ask(question);
    if (reply.missing) status = kUnusable;
    report.answer(question, reply);
  }
  return status;
}

std::unique_ptr<Report> report_for(const Options& options) {
  if (options.json) return std::make_unique<JsonReport>(stdout);
  const char* const no_color = std::getenv("NO_COLOR");
  const bool colour = isatty(STDOUT_FILENO) != 0 && (!no_color || !*no_color);
  return std::make_unique<TableReport>(stdout, colour ? Colour::kYes : Colour::kNo, options.rows);
}

std::unique_ptr<Translator> mmu_for(const Options& options, const Image& image) {
  if (options.mmu == MmuKind::kRtl) return std::make_unique<Rtl>(image, options.wave);
  return std::make_unique<Model>(image);
}

}  // namespace

int translate(const Image& image, const Options& options, Report& report) {
  const std::unique_ptr<Translator> mmu = mmu_for(options, image);
  return options.addresses.empty() ? ask_image(image, *mmu, report)
                                   : ask_options(options, *mmu, report);
}

int run(const Options& options) {
  try {
    const MappedFile file(options.image);
    return translate(Image(file.bytes()), options, *report_for(options));
  } catch (const ImageError& error) {
    fmt::print(stderr, "faultline-translate: {}: {}\n", options.image, error.what());
    return kUnusable;
  } catch (const std::runtime_error& error) {  // of the waveforms' file
    fmt::print(stderr, "faultline-translate: {}\n", error.what());
    return kUnusable;
  }
}

}  // namespace faultline::translate
