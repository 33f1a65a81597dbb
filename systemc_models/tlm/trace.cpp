// SPDX-License-Identifier: MIT
// Writes the event trace.
#include "systemc_models/tlm/trace.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

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

Trace::Trace(const DeviceClock& clock, const std::string& path) : clock_(clock), path_(path) {
  if (path.empty()) return;
  file_.reset(std::fopen(path.c_str(), "we"));
  if (file_) return;
  throw std::runtime_error(
      fmt::format("trace file {} cannot be written: {}; name another", path, std::strerror(errno)));
}

void Trace::event(std::string_view name, std::initializer_list<TraceField> fields) {
  if (!file_) return;
  fmt::memory_buffer line;
  const Out out(line);
  fmt::format_to(out, "{{\"t\": {}, \"event\": \"{}\"", clock_.now_ns(), name);
  for (const TraceField& field : fields) {
    fmt::format_to(out, ", \"{}\": ", field.name);
    std::visit(PrintValue{out}, field.value);
  }
  fmt::format_to(out, "}}\n");
  dirty_ = true;
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size()) give_up();
}

void Trace::flush() {
  if (!dirty_) return;
  dirty_ = false;
  if (std::fflush(file_.get()) != 0) give_up();
}

void Trace::give_up() {
  spdlog::error("trace file {}: {}; the trace ends here: make room or name another", path_,
                std::strerror(errno));
  dirty_ = false;
  file_.reset();
}

}  // namespace faultline::tlm
