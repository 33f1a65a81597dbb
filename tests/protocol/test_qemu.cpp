// SPDX-License-Identifier: MIT
// The example device in stock QEMU, with firmware only: enumeration, register accesses, DMA, reset,
// unplug and plug.
#include <linux/pci_regs.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "qemu_device/example/checksum_device.hpp"
#include "tests/protocol/child_process.hpp"
#include "tests/protocol/qemu.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using namespace std::chrono_literals;

struct ServedExample {
  ServedExample() {
    if (const auto reason = why_no_qemu()) SKIP(*reason);
    device.emplace(std::vector<std::string>{FAULTLINE_EXAMPLE_DEVICE, "--socket", socket,
                                            "--trace-protocol", directory.file("trace")},
                   directory.file("log"));
    REQUIRE(eventually([&] { return std::filesystem::exists(socket); }));
  }

  template <typename Condition>
  static bool eventually(Condition holds) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(20ms);
    }
    return true;
  }

  std::string trace() const {
    std::stringstream text;
    text << std::ifstream(directory.file("trace")).rdbuf();
    return text.str();
  }

  size_t traced(const std::string& what) const {
    const std::string text = trace();
    size_t count = 0;
    for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
      ++count;
    }
    return count;
  }

  /// Waits until firmware no longer changes the memory map: QEMU ends when a change cannot be told
  /// to a dead device.
  void settle() const {
    for (size_t before = 0, now = 1; before != now; now = trace().size()) {
      before = trace().size();
      std::this_thread::sleep_for(1s);
    }
  }

  /// The device once firmware has given BAR0 its address and switched memory on.
  PciDevice enumerated(Qemu& qemu) {
    std::optional<PciDevice> found;
    REQUIRE(eventually([&] {
      found = qemu.find(example::identity().vendor_id, example::identity().device_id);
      return found && found->bar0 != 0 && found->bar0 != UINT64_MAX;
    }));
    return *found;
  }

  TemporaryDirectory directory;
  std::string socket = directory.file("socket");
  std::optional<ChildProcess> device;
};

TEST_CASE_METHOD(ServedExample, "Firmware enumerates the device; registers, DMA and reset work") {
  Qemu qemu(socket);
  const PciDevice pci = enumerated(qemu);
  REQUIRE(eventually([&] { return traced("dma map 0x100000") + traced("dma map 0x0 +") > 0; }));
  CHECK(traced("refused") == 0);

  const auto reg = [&](example::Register r) { return pci.bar0 + 4 * r; };
  CHECK(qemu.readl(reg(example::kId)) == example::kIdValue);
  qemu.writel(reg(example::kScratch), 0x600df00d);
  CHECK(qemu.readl(reg(example::kScratch)) == 0x600df00d);

  // The machine's memory, written by the machine, summed by the device through its own mapping of
  // it.
  constexpr uint64_t kBuffer = 0x8000000;
  qemu.memset(kBuffer, 65536, 0);
  qemu.memset(kBuffer, 50000, 2);
  qemu.config_writew(pci, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
  qemu.writel(reg(example::kAddressLo), kBuffer);
  qemu.writel(reg(example::kLength), 65536);
  qemu.writel(reg(example::kCommand), 1);
  REQUIRE(eventually([&] { return qemu.readl(reg(example::kStatus)) != example::kBusy; }));
  CHECK(qemu.readl(reg(example::kStatus)) == example::kDone);
  CHECK(qemu.readl(reg(example::kResult)) == 100000);

  // A machine reset resets the device and enumerates it again.
  const size_t resets = traced("reset: bus");
  qemu.run("system_reset");
  REQUIRE(eventually([&] { return traced("reset: bus") > resets; }));
  const PciDevice again = enumerated(qemu);
  CHECK(qemu.readl(again.bar0 + 4 * example::kId) == example::kIdValue);
  CHECK(qemu.readl(again.bar0 + 4 * example::kScratch) == 0);
  CHECK(traced("refused") == 0);
}

TEST_CASE_METHOD(ServedExample, "The device can be plugged, unplugged and plugged again") {
  Qemu qemu(std::nullopt);
  for (size_t round = 1; round <= 5; ++round) {
    CAPTURE(round);
    qemu.plug(socket);
    REQUIRE(eventually([&] {
      return qemu.find(example::identity().vendor_id, example::identity().device_id).has_value();
    }));
    CHECK(traced("client connected") == round);
    qemu.unplug();
    REQUIRE(eventually([&] { return traced("client disconnected") == round; }));
  }
  CHECK(traced("refused") == 0);
  CHECK(device->running());
}

TEST_CASE_METHOD(ServedExample, "A restarted device can be plugged again into a running machine") {
  Qemu qemu(std::nullopt);
  qemu.plug(socket);
  settle();
  device.reset();
  std::filesystem::remove(socket);
  CHECK(qemu.run("query-status").at("running") == true);
  qemu.unplug();
  device.emplace(std::vector<std::string>{FAULTLINE_EXAMPLE_DEVICE, "--socket", socket},
                 directory.file("log"));
  REQUIRE(eventually([&] { return std::filesystem::exists(socket); }));
  qemu.plug(socket);
  CHECK(qemu.find(example::identity().vendor_id, example::identity().device_id));
}

}  // namespace
}  // namespace faultline::protocol_test
