// SPDX-License-Identifier: MIT
// Waveforms: whole, of some cycles, around a fault; and that they show the same.
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "tools/wave/fst_file.hpp"
#include "tools/wave/view.hpp"

namespace faultline::tests {
namespace {

using wave::FstFile;

constexpr uint64_t kCycle = 1000;  // picoseconds
const std::filesystem::path kRoot = FAULTLINE_ROOT;
const std::string kRequestVa = "TOP.gmmu_stepped.u_gmmu.u_core.gen_port[1].u_port.req_i.va[63:0]";
const std::string kWalkerState =
    "TOP.gmmu_stepped.u_gmmu.u_core.u_hub.u_walk_unit.gen_walker[0].u_walker.state_q[2:0]";

struct Played {
  std::filesystem::path path;
  int status;
  std::string said;
};

/// The scene in a process of its own, as waveforms are written at its end.
Played play(const std::string& name, const std::string& options) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "faultline-wave";
  std::filesystem::create_directories(folder);
  const auto path = name.starts_with('/') ? std::filesystem::path(name) : folder / name;
  const std::string log = folder / (path.stem().string() + ".log");
  const std::string command =
      std::string(FAULTLINE_WAVE_SCENE) + " " + path.string() + options + " >" + log + " 2>&1";
  const int status = std::system(command.c_str());
  std::ifstream in(log);
  return {path, status, std::string(std::istreambuf_iterator<char>(in), {})};
}

/// The values of a signal from `begin` on, without the times.
std::vector<std::string> values(FstFile& file, const std::string& name, uint64_t begin = 0) {
  const wave::Signal* const signal = file.find(name);
  REQUIRE(signal);
  std::vector<std::string> all;
  const auto changes = file.changes({*signal});
  for (const wave::Change& change : changes.at(signal->handle))
    if (change.time >= begin) all.push_back(change.value);
  return all;
}

TEST_CASE("the waveforms of a run show it from the first cycle to the last") {
  const Played played = play("whole.fst", "");
  REQUIRE(played.status == 0);
  FstFile file(played.path);
  CHECK(file.begin_time() == 0);
  std::vector<uint64_t> addresses;
  for (const std::string& value : values(file, kRequestVa))
    addresses.push_back(std::stoull(value, nullptr, 2));
  CHECK(std::ranges::contains(addresses, 0x7f12'3456'7000));
  CHECK(values(file, kWalkerState).size() > 10);  // five levels, and one of the replay
}

TEST_CASE("states have their names") {
  FstFile file(play("names.fst", "").path);
  const wave::Signal* const state = file.find(kWalkerState);
  REQUIRE(state);
  CHECK(state->names.at("000") == "StIdle");
  CHECK(state->names.at("100") == "StDecode");
}

TEST_CASE("every signal of the saved view is there") {
  const FstFile file(play("view.fst", "").path);
  unsigned signals = 0;
  for (const wave::ViewLine& line : wave::read_view(kRoot / "waveforms/replayed_fault.gtkw")) {
    if (!line.is_signal) continue;
    ++signals;
    CHECK(file.find(line.text));
  }
  CHECK(signals > 20);
}

TEST_CASE("filters of the RTL's own enums say what its package says") {
  std::ifstream in(kRoot / "rtl/gmmu_pkg.sv");
  const std::string package(std::istreambuf_iterator<char>(in), {});
  const auto [file, prefix] = GENERATE(table<std::string, std::string>(
      {{"outcome", "Outcome"}, {"result", "Result"}, {"level", "Level"}}));
  std::ifstream filter(kRoot / ("waveforms/rtl_filters/" + file + ".txt"));
  unsigned names = 0;
  for (std::string value, name; filter >> value;) {
    std::getline(filter >> std::ws, name);
    if (value == "#") continue;
    ++names;
    const std::regex item(prefix + name + " = [23]'d" + value + "[,\\n]");
    CHECK(std::regex_search(package, item));
  }
  const auto items = std::regex(prefix + "[A-Z][a-zA-Z0-9]* = [23]'d");
  CHECK(std::distance(std::sregex_iterator(package.begin(), package.end(), items), {}) == names);
}

TEST_CASE("a window has its cycles and no others") {
  FstFile file(play("window.fst", " --first 20 --last 29").path);
  CHECK(file.begin_time() == 20 * kCycle);
  CHECK(file.end_time() == 29 * kCycle + kCycle / 2);
}

TEST_CASE("a window that the run does not reach is told") {
  const Played played = play("never.fst", " --first 1000000");
  CHECK(played.said.find("never.fst' has no waveforms: the run had") != std::string::npos);
}

TEST_CASE("around a fault, history and what follows are what the whole run shows") {
  FstFile whole(play("all.fst", "").path);
  const Played played = play("fault.fst", " --fault 1");
  REQUIRE(played.status == 0);
  FstFile around(played.path);
  for (const std::string& name : {kRequestVa, kWalkerState}) {
    std::vector<std::string> from_whole = values(whole, name, around.begin_time());
    std::vector<std::string> from_fault = values(around, name);
    // Its first value is where it begins, a change of the whole or not.
    if (from_whole.size() < from_fault.size()) from_fault.erase(from_fault.begin());
    CHECK(from_fault == from_whole);
  }
}

TEST_CASE("a fault that does not happen is told") {
  const Played played = play("other.fst", " --fault 7");
  CHECK(played.said.find("other.fst' has no waveforms: the run had 1 fault") != std::string::npos);
}

TEST_CASE("a device is refused, and stays") {
  const auto pipe = std::filesystem::temp_directory_path() / "faultline-wave" / "pipe";
  std::filesystem::create_directories(pipe.parent_path());
  std::filesystem::remove(pipe);
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const Played played = play(pipe.string(), "");
  CHECK(played.status != 0);
  CHECK(played.said.find("it is not an ordinary file") != std::string::npos);
  CHECK(std::filesystem::is_fifo(pipe));
}

TEST_CASE("a file that cannot be written is refused in one line") {
  const Played played = play("/nowhere/wave.fst", "");
  CHECK(played.status != 0);
  CHECK(played.said.find("cannot write waveforms to '/nowhere/wave.fst': No such file") !=
        std::string::npos);
}

}  // namespace
}  // namespace faultline::tests
