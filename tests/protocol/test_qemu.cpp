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
#include "tests/protocol/client.hpp"
#include "tests/protocol/qemu.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using namespace std::chrono_literals;

template <typename Condition>
bool eventually(Condition holds) {
  const auto end = std::chrono::steady_clock::now() + 30s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

/// The function once firmware has given its first BAR an address.
PciDevice enumerated(Qemu& qemu, const pci::PciIdentity& identity) {
  std::optional<PciDevice> found;
  REQUIRE(eventually([&] {
    found = qemu.find(identity.vendor_id, identity.device_id);
    return found && found->bar0 != 0 && found->bar0 != UINT64_MAX;
  }));
  return *found;
}

struct ServedExample {
  ServedExample() {
    if (const auto reason = why_no_qemu()) SKIP(*reason);
    start({});
  }

  void start(const std::vector<std::string>& more) {
    device.reset();
    std::filesystem::remove(socket);
    std::vector<std::string> command = {FAULTLINE_EXAMPLE_DEVICE, "--socket", socket,
                                        "--trace-protocol", directory.file("trace")};
    command.insert(command.end(), more.begin(), more.end());
    device.emplace(command, directory.file("log"));
    REQUIRE(eventually([&] { return std::filesystem::exists(socket); }));
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

  TemporaryDirectory directory;
  std::string socket = directory.file("socket");
  std::optional<ChildProcess> device;
};

TEST_CASE_METHOD(ServedExample, "Firmware enumerates the device; registers, DMA and reset work") {
  Qemu qemu(socket);
  const PciDevice pci = enumerated(qemu, example::identity());
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
  const PciDevice again = enumerated(qemu, example::identity());
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
  CHECK(qemu.run("query-status").at("running") == true);
  qemu.unplug();
  start({});
  qemu.plug(socket);
  CHECK(qemu.find(example::identity().vendor_id, example::identity().device_id));
}

TEST_CASE_METHOD(ServedExample,
                 "With MSI-X the device is enumerated too, and its pending bits read") {
  start({"--msix"});
  Qemu qemu(socket);
  const PciDevice pci = enumerated(qemu, example::identity());
  CHECK(qemu.readl(pci.bar0 + 4 * example::kId) == example::kIdValue);
  CHECK(qemu.readl(pci.bar0 + 0xc00) == 0);
  qemu.writel(pci.bar0 + 4 * example::kCommand,
              1);  // no bus mastering: ends with an error, and an event that waits
  REQUIRE(eventually([&] { return qemu.readl(pci.bar0 + 0xc00) == 1; }));
  CHECK(traced("refused") == 0);
}

TEST_CASE("A BAR with a descriptor is memory that machine and device share") {
  if (const auto reason = why_no_qemu()) SKIP(*reason);
  const vfio_user::UniqueFd vram = make_memory(1 << 20);
  auto identity = memory_identity();
  identity.bars = {{.index = 0,
                    .size = 1 << 20,
                    .width = pci::BarWidth::k64,
                    .prefetchable = pci::Prefetchable::kYes,
                    .fd = vram.get()}};
  RunningServer server(identity);
  Qemu qemu(server.path());
  const PciDevice pci = enumerated(qemu, identity);
  qemu.config_writew(pci, PCI_COMMAND, PCI_COMMAND_MEMORY);
  qemu.writel(pci.bar0 + 0x8004, 0xabcd1234);
  uint32_t seen = 0;
  REQUIRE(pread(vram.get(), &seen, sizeof(seen), 0x8004) == sizeof(seen));
  CHECK(seen == 0xabcd1234);
  server.on_loop([](MemoryFunction& f) { CHECK(f.last_offset == 0); });
}

}  // namespace
}  // namespace faultline::protocol_test
