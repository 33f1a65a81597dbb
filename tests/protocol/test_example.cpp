// SPDX-License-Identifier: MIT
// The example device as its own process: does its job, and starts and ends in good order.
#include <fcntl.h>
#include <linux/vfio.h>
#include <signal.h>
#include <sys/wait.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "qemu_device/example/checksum_device.hpp"
#include "tests/protocol/child_process.hpp"
#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using Catch::Matchers::ContainsSubstring;

constexpr uint64_t at(example::Register r) { return 4 * r; }

bool appears(const std::string& path) {
  for (int i = 0; i < 500; ++i) {
    if (std::filesystem::exists(path)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

struct Example {
  Example() : device({FAULTLINE_EXAMPLE_DEVICE, "--socket", path}, directory.file("log")) {
    REQUIRE(appears(path));
  }
  TemporaryDirectory directory;
  std::string path = directory.file("socket");
  ChildProcess device;
};

TEST_CASE_METHOD(Example, "The example device sums guest memory and raises its interrupt") {
  Client client(path);
  REQUIRE(client.version().error() == 0);
  const UniqueFd memory = make_memory(16 * 4096);
  const Bytes data(10000, std::byte{3});
  REQUIRE(pwrite(memory.get(), data.data(), data.size(), 100) == 10000);
  REQUIRE(client.dma_map(0x40000000, 16 * 4096, memory.get()).error() == 0);
  client.set_bus_master(true);
  const UniqueFd event = make_eventfd();
  REQUIRE(client.set_eventfds(VFIO_PCI_MSI_IRQ_INDEX, 0, 1, {event.get()}).error() == 0);

  CHECK(client.read32(0, at(example::kId)) == example::kIdValue);
  client.write32(0, at(example::kScratch), 0xcafe);
  CHECK(client.read32(0, at(example::kScratch)) == 0xcafe);
  client.write32(0, at(example::kAddressLo), 0x40000000);
  client.write32(0, at(example::kLength), 12000);
  client.write32(0, at(example::kCommand), 1);
  while (client.read32(0, at(example::kStatus)) == example::kBusy) {
  }
  CHECK(client.read32(0, at(example::kStatus)) == example::kDone);
  CHECK(client.read32(0, at(example::kResult)) == 30000);
  CHECK(events(event) == 1);

  client.write32(0, at(example::kAddressHi), 1);
  client.write32(0, at(example::kCommand), 1);
  while (client.read32(0, at(example::kStatus)) == example::kBusy) {
  }
  CHECK(client.read32(0, at(example::kStatus)) == example::kDmaError);
}

TEST_CASE_METHOD(Example, "SIGTERM ends a device program and removes its socket") {
  const Client client(path);
  CHECK(kill(device.pid(), SIGTERM) == 0);
  CHECK(device.wait() == 0);
  CHECK(!std::filesystem::exists(path));
}

TEST_CASE_METHOD(Example, "A second device at the same path gives one clear error") {
  ChildProcess second({FAULTLINE_EXAMPLE_DEVICE, "--socket", path}, directory.file("second"));
  CHECK(second.wait() == 1);
  std::ifstream log(directory.file("second"));
  std::stringstream text;
  text << log.rdbuf();
  CHECK(text.str() ==
        "faultline-example-device: socket " + path +
            " is in use by another device; stop that one or choose another socket path\n");
  Client client(path);
  CHECK(client.version().error() == 0);
}

TEST_CASE_METHOD(Example, "A killed device's socket file does not stop the next one") {
  CHECK(kill(device.pid(), SIGKILL) == 0);
  device.wait();
  REQUIRE(std::filesystem::exists(path));
  ChildProcess next({FAULTLINE_EXAMPLE_DEVICE, "--socket", path}, directory.file("next"));
  for (int i = 0; i < 500; ++i) {
    try {
      Client client(path);
      CHECK(client.version().error() == 0);
      return;
    } catch (const std::runtime_error&) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  FAIL("the next device never listened");
}

}  // namespace
}  // namespace faultline::protocol_test
