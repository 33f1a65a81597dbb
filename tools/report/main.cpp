// SPDX-License-Identifier: MIT
// faultline-report: the time line of one fault, from the device's trace and the guest's demo.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "tools/report/timeline.hpp"

namespace {

using nlohmann::json;

constexpr std::string_view kPrefix = "FAULTLINE-JSON ";

std::ifstream open(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error(path + " cannot be read");
  return stream;
}

std::vector<json> read_trace(const std::string& path) {
  std::vector<json> events;
  std::ifstream stream = open(path);
  for (std::string line; std::getline(stream, line);) {
    json event = json::parse(line, nullptr, false);
    // A device that is stopped at work leaves half a line at the end.
    if (!event.is_discarded()) events.push_back(std::move(event));
  }
  return events;
}

json read_demo(const std::string& path) {
  std::ifstream stream = open(path);
  for (std::string line; std::getline(stream, line);)
    if (line.starts_with(kPrefix)) return json::parse(line.substr(kPrefix.size())).at("demo");
  throw std::runtime_error(path + " has no line that begins with FAULTLINE-JSON");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The time line of one fault, from the device's trace and the guest's demo.");
  std::string trace;
  std::string demo;
  app.add_option("TRACE", trace, "what faultline-device --trace wrote")->required();
  app.add_option("OUTPUT", demo, "what the guest's 'faultline demo' printed")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int kUsageError = 2;
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  try {
    const auto events = read_trace(trace);
    const json result = read_demo(demo);
    fmt::print("{}", faultline::report::to_text(faultline::report::follow_fault(events, result)));
  } catch (const std::exception& error) {
    fmt::println(stderr, "faultline-report: {}", error.what());
    return 1;
  }
  return 0;
}
