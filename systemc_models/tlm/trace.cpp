// SPDX-License-Identifier: MIT
// Writes the event trace.
#include "systemc_models/tlm/trace.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <iterator>
#include <stdexcept>

namespace faultline::tlm {

namespace {

using Out = std::back_insert_iterator<fmt::memory_buffer>;

struct PrintValue {
  Out out;

  void operator()(uint64_t value) const { fmt::format_to(out, "{}", value); }
  void operator()(Hex hex) const { fmt::format_to(out, "\"{:#x}\"", hex.value); }
  void operator()(std::string_view text) const { fmt::format_to(out, "\"{}\"", text); }
};

}  // namespace

Trace::Trace(const DeviceClock& clock, const std::string& path) : clock_(clock) {
  if (path.empty()) return;
  file_.reset(std::fopen(path.c_str(), "we"));
  if (file_) return;
  throw std::runtime_error(
      fmt::format("trace file {} cannot be written: {}; name another", path, std::strerror(errno)));
}

void Trace::event(std::string_view name, std::initializer_list<TraceField> fields) {
  fmt::memory_buffer line;
  const Out out(line);
  fmt::format_to(out, "{{\"t\": {}, \"event\": \"{}\"", clock_.now_ns(), name);
  for (const TraceField& field : fields) {
    fmt::format_to(out, ", \"{}\": ", field.name);
    std::visit(PrintValue{out}, field.value);
  }
  fmt::format_to(out, "}}\n");
  std::fwrite(line.data(), 1, line.size(), file_.get());
  dirty_ = true;
}

void Trace::flush() {
  if (!dirty_) return;
  std::fflush(file_.get());
  dirty_ = false;
}

}  // namespace faultline::tlm
