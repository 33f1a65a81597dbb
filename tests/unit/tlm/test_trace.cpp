// SPDX-License-Identifier: MIT
// The event trace: every line is an object, and one fault's story can be told from it.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/unit/tlm/bench_device.hpp"

namespace faultline::tests {
namespace {

struct TraceFile {
  std::string path = std::filesystem::temp_directory_path() /
                     ("faultline-trace-" + std::to_string(std::random_device{}()) + ".jsonl");
  TraceFile() = default;
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;
  ~TraceFile() { std::filesystem::remove(path); }

  std::vector<nlohmann::json> events() const {
    std::ifstream in(path);
    std::vector<nlohmann::json> all;
    for (std::string line; std::getline(in, line);) all.push_back(nlohmann::json::parse(line));
    return all;
  }
};

TEST_CASE("a stalled job leaves its steps in the trace, in order of time") {
  const TraceFile file;
  BenchDevice bench({.vram_bytes = BenchDevice::kVramBytes, .trace_path = file.path});
  bench.enable(2);
  bench.queue(2, {.opcode = regs::Opcode::kFill, .intr = true, .id = 5, .dst = 0x7000, .count = 1});
  bench.ring(2);
  bench.run();
  bench.map_system(0x7000, 0x200000);
  bench.write(regs::pmc_intr_en_set::offset(0), regs::pmc_intr::pfifo.mask());
  bench.mmu().replay();
  bench.run();
  bench.device->event_trace().flush();

  std::vector<std::string> names;
  uint64_t time = 0;
  for (const auto& event : file.events()) {
    names.push_back(event.at("event"));
    CHECK(event.at("t").get<uint64_t>() >= time);
    time = event.at("t").get<uint64_t>();
    if (names.back() == "access" || names.back() == "touch") {
      CHECK(event.at("channel") == 2);
      CHECK(event.at("va") == "0x7000");
    }
    if (names.back() == "job_end") CHECK(event.at("status") == "OK");
  }
  std::erase(names, "write");
  std::erase(names, "read");
  CHECK(names == std::vector<std::string>{"job_start", "access", "touch", "job_end", "interrupt"});
}

TEST_CASE("every register access is in the trace, with its value") {
  const TraceFile file;
  BenchDevice bench({.vram_bytes = BenchDevice::kVramBytes, .trace_path = file.path});
  bench.write(regs::chan_ring_lo::offset(0), 0x1000);
  CHECK(bench.read(regs::chan_ring_lo::offset(0)) == 0x1000);
  bench.device->event_trace().flush();

  std::vector<std::string> seen;
  for (const auto& event : file.events())
    if (event.contains("register") && event.at("register") == "chan_ring_lo") {
      CHECK(event.at("value") == "0x1000");
      seen.push_back(event.at("event"));
    }
  CHECK(seen == std::vector<std::string>{"write", "read"});
}

TEST_CASE("a trace file that cannot be written is refused in one line") {
  CHECK_THROWS_WITH(
      BenchDevice({.vram_bytes = BenchDevice::kVramBytes, .trace_path = "/nowhere/trace"}),
      Catch::Matchers::ContainsSubstring("/nowhere/trace"));
}

}  // namespace
}  // namespace faultline::tests
