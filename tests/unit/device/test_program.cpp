// SPDX-License-Identifier: MIT
// The program's manners: options, errors, its beginning and its end.
#include <signal.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/device/machine.hpp"

namespace faultline::device_test {
namespace {

using Catch::Matchers::ContainsSubstring;

struct Refusal {
  std::vector<std::string> options;
  int status;
  std::string says;
};

void check_refusal(Program& program, int status, const std::string& says) {
  CHECK(program.wait() == status);
  const std::string output = program.output();
  CHECK_THAT(output, ContainsSubstring(says));
  CHECK(std::ranges::count(output, '\n') == 1);
}

TEST_CASE("A wrong option ends the program with one line that says so") {
  const auto refusal = GENERATE(values<Refusal>({
      {{"--bogus"}, 2, "--bogus"},
      {{"--vram", "1024T"}, 2, "more than this machine's memory"},
      {{"--vram", "3M"}, 1, "power of two"},
      {{"--vram", "0"}, 1, "from 1M to 128G"},
      {{"--vram", "-1"}, 2, "--vram"},
      {{"--vram", "many"}, 2, "--vram"},
      {{"--mmu", "none"}, 2, "--mmu"},
      {{"--l2-sets", "3"}, 2, "power of two"},
      {{"--wave", "/tmp/w.fst"}, 2, "use --mmu rtl or --mmu check"},
      {{"--mmu", "rtl", "--wave-fault", "1"}, 2, "--wave-fault requires --wave"},
      {{"--mmu", "rtl", "--wave", "w", "--wave-cycles", "9:3"}, 2, "is not FROM:TO"},
      {{"--mmu", "rtl", "--wave", "w", "--wave-cycles", "9"}, 2, "is not FROM:TO"},
      {{"--mmu", "rtl", "--wave", "w"}, 1, "linked without waveforms"},
      {{"--replay-list-depth", "0"}, 2, "--replay-list-depth"},
      {{"--fault-buffer-entries", "1"}, 2, "--fault-buffer-entries"},
      {{"--trace", "/nowhere/trace"}, 1, "/nowhere/trace cannot be written: No such file"},
      {{"--trace", "/"}, 1, "Is a directory; name another"},
      {{"--trace-protocol", "/nowhere/trace"}, 1, "/nowhere/trace: No such file"},
      {{"--log-level", "loud"}, 2, "--log-level"},
  }));
  Program program(refusal.options);
  check_refusal(program, refusal.status, refusal.says);
}

TEST_CASE("A path that cannot be a socket ends the program with one line that says why") {
  const protocol_test::TemporaryDirectory folder;
  const std::string file = folder.file("file");
  std::ofstream(file) << "precious";
  const std::vector<std::pair<std::string, std::string>> refusals = {
      {file, "exists and is not a socket; remove it or choose another"},
      {folder.file(""), "exists and is not a socket"},
      {folder.file("nowhere/socket"), "choose a path in a directory that exists"},
      {file + "/socket", "Not a directory"},
      {folder.file(std::string(200, 'x')), "choose a shorter one"},
      {"", "choose a shorter one"},
  };
  for (const auto& [path, says] : refusals) {
    INFO(path);
    Program program({"--socket", path}, false);
    check_refusal(program, 1, says);
  }
  std::string kept;
  std::ifstream(file) >> kept;
  CHECK(kept == "precious");
}

TEST_CASE("A socket file that a killed program left is taken over") {
  Program first({});
  REQUIRE(first.wait_until_ready());
  REQUIRE(kill(first.pid(), SIGKILL) == 0);
  CHECK(first.wait() == -1);
  REQUIRE(std::filesystem::exists(first.socket()));
  Program second({"--once", "--socket", first.socket()}, false);
  const std::string ready = "ready: " + first.socket();
  REQUIRE(eventually([&] { return second.output().find(ready) != std::string::npos; }));
  CHECK(protocol_test::Client(first.socket()).version().error() == 0);
  CHECK(second.wait() == 0);
}

TEST_CASE("A full disk ends the trace with one line, and the device goes on") {
  const std::string option = GENERATE("--trace", "--trace-protocol");
  Machine machine({option, "/dev/full"});
  for (int i = 0; i < 3; ++i) machine.enable(Machine::kCopyChannel);
  const auto state = [&] {
    namespace r = regs::chan_status;
    return r::state.decode(machine.read(r::offset(Machine::kCopyChannel)));
  };
  CHECK(eventually([&] { return state() == regs::ChanState::kIdle; }));
  const std::string output = machine.program.output();
  const size_t first = output.find("/dev/full: No space left on device");
  REQUIRE(first != std::string::npos);
  CHECK(output.find("/dev/full", first + 1) == std::string::npos);
}

TEST_CASE("Without a socket the program says which option is missing") {
  Program program({}, false);
  CHECK(program.wait() == 2);
  CHECK_THAT(program.output(), ContainsSubstring("--socket is required"));
}

TEST_CASE("A socket in use ends the second program, and the first goes on") {
  Machine first;
  Program second({"--socket", first.program.socket()}, false);
  check_refusal(second, 1, "in use");
  CHECK(first.read(regs::faultline_id::kOffset) == regs::faultline_id::kReset);
}

TEST_CASE("SIGTERM and SIGINT end the program in good order") {
  const int signal = GENERATE(SIGTERM, SIGINT);
  Program program({"--stats"});
  REQUIRE(program.wait_until_ready());
  CHECK(kill(program.pid(), signal) == 0);
  CHECK(program.wait() == 0);
  CHECK_FALSE(std::filesystem::exists(program.socket()));
  const std::string output = program.output();
  const auto statistics = nlohmann::json::parse(output.substr(output.find('{')));
  CHECK(statistics.at("jobs") == 0);
  CHECK(statistics.at("mmu").at("faults") == 0);
}

TEST_CASE("With --once the program ends when its client leaves") {
  Machine machine({"--once"});
  machine.client.reset();
  CHECK(machine.program.wait() == 0);
}

TEST_CASE("Without it the next client finds the device as after power-up") {
  Machine machine;
  machine.enable(Machine::kCopyChannel);
  CHECK(machine.read(regs::chan_ctrl::offset(Machine::kCopyChannel)) != 0);
  machine.client.reset();
  machine.client = std::make_unique<protocol_test::Client>(machine.program.socket());
  REQUIRE(machine.client->version().error() == 0);
  CHECK(machine.read(regs::chan_ctrl::offset(Machine::kCopyChannel)) == 0);
}

TEST_CASE("RAM without a descriptor is told once") {
  Machine machine;
  REQUIRE(machine.client->dma_unmap(0, Ram::kBytes).error() == 0);
  for (int i = 0; i < 2; ++i) {
    REQUIRE(machine.client->dma_map(0, Ram::kBytes, -1).error() == 0);
    REQUIRE(machine.client->dma_unmap(0, Ram::kBytes).error() == 0);
  }
  const std::string output = machine.program.output();
  const size_t first = output.find("share=on");
  REQUIRE(first != std::string::npos);
  CHECK(output.find("share=on", first + 1) == std::string::npos);
}

TEST_CASE("The sizes of the options show in the registers") {
  Machine machine({"--vram", "64M", "--replay-list-depth", "7"});
  CHECK(machine.read(regs::faultline_vram_size::kOffset) == 64);
  namespace r = regs::faultline_topology;
  CHECK(r::replay_list_depth.get(machine.read(r::kOffset)) == 7);
}

TEST_CASE("An idle device takes no processor time") {
  Machine machine;
  const auto before = machine.program.cpu_time();
  usleep(300'000);
  CHECK(machine.program.cpu_time() - before < std::chrono::milliseconds(1));
}

}  // namespace
}  // namespace faultline::device_test
