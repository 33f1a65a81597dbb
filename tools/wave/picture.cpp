// SPDX-License-Identifier: MIT
// Rows of the picture: a heading, a line that goes up and down, a band with values.
#include "tools/wave/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

namespace faultline::wave {

namespace {

constexpr uint64_t kCycleTime = 1000;  // picoseconds: see WaveRequest
constexpr unsigned kNames = 190;       // pixels from here on
constexpr unsigned kCycle = 9;
constexpr unsigned kRow = 18;
constexpr unsigned kHigh = 12;
constexpr unsigned kCharacter = 6;
constexpr unsigned kGridCycles = 10;

struct Span {
  unsigned begin;
  unsigned end;
  std::string value;
};

class Picture {
 public:
  Picture(uint64_t first, uint64_t last) : first_(first), last_(last) {}

  void heading(const std::string& text) {
    put(R"(<text class="heading" x="4" y="{}">{}</text>)", y_ + kHigh, escaped(text));
    y_ += kRow;
  }
  void row(const ViewLine& line, const Signal& signal, const std::vector<Change>& changes) {
    put(R"(<text x="4" y="{}">{}</text>)", y_ + kHigh, escaped(short_name(signal.name)));
    if (signal.bits == 1)
      bit(spans(changes));
    else
      bus(line, signal, spans(changes));
    y_ += kRow;
  }
  std::string finish() const;

 private:
  template <typename... Arguments>
  void put(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(body_), format, std::forward<Arguments>(arguments)...);
    body_ += '\n';
  }
  unsigned x_of(uint64_t time) const {
    const uint64_t begin = first_ * kCycleTime;
    const uint64_t end = (last_ + 1) * kCycleTime;
    return kNames +
           static_cast<unsigned>((std::clamp(time, begin, end) - begin) * kCycle / kCycleTime);
  }
  std::vector<Span> spans(const std::vector<Change>& changes) const;
  void bit(const std::vector<Span>& spans);
  void bus(const ViewLine& line, const Signal& signal, const std::vector<Span>& spans);

  /// The last two parts, without bounds.
  static std::string short_name(const std::string& name);
  static std::string escaped(const std::string& text);

  uint64_t first_;
  uint64_t last_;
  unsigned y_ = kRow;
  std::string body_;
};

std::string Picture::short_name(const std::string& name) {
  std::string text = name.substr(0, name.rfind('[') == name.find_last_of("[") && name.back() == ']'
                                        ? name.rfind('[')
                                        : std::string::npos);
  const size_t last = text.rfind('.');
  const size_t before = text.rfind('.', last - 1);
  return text.substr(before + 1);
}

std::string Picture::escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

/// Values that are there for some time between the first cycle and the last.
std::vector<Span> Picture::spans(const std::vector<Change>& changes) const {
  std::vector<Span> all;
  for (size_t i = 0; i < changes.size(); ++i) {
    const unsigned begin = x_of(changes[i].time);
    const unsigned end = x_of(i + 1 < changes.size() ? changes[i + 1].time : ~uint64_t{0} / 2);
    if (begin == end) continue;
    if (!all.empty() && all.back().value == changes[i].value)
      all.back().end = end;
    else
      all.push_back({begin, end, changes[i].value});
  }
  return all;
}

void Picture::bit(const std::vector<Span>& spans) {
  std::string path;
  for (const Span& span : spans) {
    const unsigned y = span.value == "1" ? y_ : y_ + kHigh;
    path += fmt::format("{}{} {} H{}", path.empty() ? "M" : "L", span.begin, y, span.end);
  }
  put(R"(<path class="bit" d="{}"/>)", path);
}

std::string value_text(const ViewLine& line, const Signal& signal, const std::string& binary) {
  if (const auto name = signal.names.find(binary); name != signal.names.end()) {
    const std::string& text = name->second;
    return text.starts_with("St") ? text.substr(2) : text;
  }
  const uint64_t value = std::stoull(binary, nullptr, 2);
  const std::string hex = fmt::format("{:0{}x}", value, (signal.bits + 3) / 4);
  const auto name = line.filter.find(hex);
  return name == line.filter.end() ? fmt::format("{:x}", value) : name->second;
}

void Picture::bus(const ViewLine& line, const Signal& signal, const std::vector<Span>& spans) {
  for (const Span& span : spans) {
    const bool is_zero = span.value.find('1') == std::string::npos;
    const std::string text = value_text(line, signal, span.value);
    const bool is_plain = is_zero && signal.names.empty() && line.filter.empty();
    put(R"(<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>)", is_plain ? "zero" : "bus",
        span.begin, y_, span.end - span.begin, kHigh);
    const size_t room = (span.end - span.begin - 2) / kCharacter;
    if (room == 0 || is_plain) continue;
    put(R"(<text class="value" x="{}" y="{}"><title>{}</title>{}</text>)", span.begin + 2,
        y_ + kHigh - 3, escaped(text), escaped(text.substr(0, room)));
  }
}

std::string Picture::finish() const {
  const unsigned width = x_of(~uint64_t{0} / 2) + 4;
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}">
<!-- SPDX-License-Identifier: MIT -->
<style>
text {{ font: 10px monospace; fill: #222 }} .heading {{ font-weight: bold }}
.value {{ fill: #024 }} .bit {{ fill: none; stroke: #064 }} .bus {{ fill: #def; stroke: #68a }}
.zero {{ fill: #eee; stroke: none }} .grid {{ stroke: #ddd }}
</style>
<rect width="100%" height="100%" fill="white"/>
)",
      width, y_ + 4);
  for (uint64_t cycle = (first_ + kGridCycles - 1) / kGridCycles * kGridCycles; cycle <= last_;
       cycle += kGridCycles) {
    const unsigned x = x_of(cycle * kCycleTime);
    out += fmt::format(
        "<path class=\"grid\" d=\"M{0} {1} V{2}\"/><text x=\"{0}\" y=\"10\">{3}</text>\n", x,
        kRow - 4, y_, cycle);
  }
  return out + body_ + "</svg>\n";
}

std::vector<Signal> signals_of(const FstFile& file, const std::vector<ViewLine>& view) {
  std::vector<Signal> signals;
  for (const ViewLine& line : view) {
    if (!line.is_signal) continue;
    const Signal* const found = file.find(line.text);
    if (!found) throw std::runtime_error(fmt::format("there is no signal '{}'", line.text));
    signals.push_back(*found);
  }
  return signals;
}

}  // namespace

std::string draw(FstFile& file, const std::vector<ViewLine>& view, Cycles cycles) {
  const std::vector<Signal> signals = signals_of(file, view);
  auto changes = file.changes(signals);
  Picture picture(cycles.first, std::min(cycles.last, file.end_time() / kCycleTime));
  auto signal = signals.begin();
  for (const ViewLine& line : view) {
    if (line.is_signal) {
      picture.row(line, *signal, changes[signal->handle]);
      ++signal;
    } else {
      picture.heading(line.text);
    }
  }
  return picture.finish();
}

}  // namespace faultline::wave
