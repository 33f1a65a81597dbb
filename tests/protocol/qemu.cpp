// SPDX-License-Identifier: MIT
// QEMU's command line, and its two control protocols.
#include "tests/protocol/qemu.hpp"

#include <fmt/format.h>
#include <linux/pci_regs.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace faultline::protocol_test {
namespace {

constexpr timeval kSilence{.tv_sec = 30, .tv_usec = 0};
/// PCI Express hot-plug instead of ACPI's: its registers can be played from outside, ACPI's methods
/// need a guest.
constexpr const char* kNativeHotplug = "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off";
constexpr uint16_t kConfigAddressPort = 0xcf8;
constexpr uint16_t kConfigDataPort = 0xcfc;
constexpr uint32_t kConfigEnable = 1u << 31;

nlohmann::json device_arguments(const std::string& socket) {
  return {{"driver", "vfio-user-pci"},
          {"id", "d0"},
          {"bus", "rp0"},
          {"socket", {{"type", "unix"}, {"path", socket}}},
          {"x-msg-timeout", 2147483647}};
}

std::string read_file(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

std::optional<std::string> why_no_qemu() {
  const TemporaryDirectory directory;
  const std::string output = directory.file("output");
  try {
    ChildProcess help({"qemu-system-x86_64", "-device", "help"}, output);
    if (help.wait() != 0) return "qemu-system-x86_64 -device help fails";
  } catch (const std::runtime_error&) {
    return "qemu-system-x86_64 is not installed";
  }
  if (!read_file(output).contains("\"vfio-user-pci\"")) {
    return "this QEMU has no vfio-user-pci: it needs version 10.1";
  }
  return std::nullopt;
}

LineSocket::LineSocket(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("no " + path);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &kSilence, sizeof(kSilence));
}

void LineSocket::send(const std::string& text) {
  if (::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("QEMU is gone");
  }
}

std::string LineSocket::line() {
  size_t end;
  while ((end = buffer_.find('\n')) == std::string::npos) {
    char bytes[4096];
    const ssize_t length = recv(socket_.get(), bytes, sizeof(bytes), 0);
    if (length <= 0) throw std::runtime_error("QEMU does not answer");
    buffer_.append(bytes, static_cast<size_t>(length));
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return line;
}

Qemu::Qemu(const std::optional<std::string>& device_socket) {
  std::vector<std::string> command = {"qemu-system-x86_64",
                                      "-accel",
                                      "tcg",
                                      "-machine",
                                      "q35,memory-backend=mem",
                                      "-object",
                                      "memory-backend-memfd,id=mem,size=256M,share=on",
                                      "-m",
                                      "256M",
                                      "-smp",
                                      "2",
                                      "-display",
                                      "none",
                                      "-nodefaults",
                                      "-device",
                                      "pcie-root-port,id=rp0,chassis=1",
                                      "-global",
                                      kNativeHotplug,
                                      "-qmp",
                                      "unix:" + directory_.file("qmp") + ",server=on,wait=off",
                                      "-qtest",
                                      "unix:" + directory_.file("qtest") + ",server=on,wait=off",
                                      "-qtest-log",
                                      "none"};
  if (device_socket) {
    command.insert(command.end(), {"-device", device_arguments(*device_socket).dump()});
  }
  process_ = std::make_unique<ChildProcess>(command, directory_.file("log"));
  try {
    qmp_ = std::make_unique<LineSocket>(directory_.file("qmp"));
    qtest_ = std::make_unique<LineSocket>(directory_.file("qtest"));
    qmp_->line();  // the greeting
    run("qmp_capabilities");
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(std::string(error.what()) + "; QEMU says: " + log());
  }
}

nlohmann::json Qemu::run(const std::string& command, const nlohmann::json& arguments) {
  nlohmann::json request = {{"execute", command}};
  if (!arguments.is_null()) request["arguments"] = arguments;
  qmp_->send(request.dump() + "\n");
  for (;;) {
    const auto answer = nlohmann::json::parse(qmp_->line());
    if (answer.contains("return")) return answer["return"];
    if (answer.contains("error")) throw std::runtime_error(answer["error"].dump());
    events_.push_back(answer.at("event"));
  }
}

void Qemu::wait_for_event(const std::string& name) {
  for (;;) {
    const auto event = std::ranges::find(events_, name);
    if (event != events_.end()) {
      events_.erase(event);
      return;
    }
    events_.push_back(nlohmann::json::parse(qmp_->line()).at("event"));
  }
}

void Qemu::plug(const std::string& device_socket) {
  run("device_add", device_arguments(device_socket));
}

void Qemu::unplug() {
  run("device_del", {{"id", "d0"}});
  const PciDevice port = root_port();
  uint32_t express = config_readw(port, PCI_CAPABILITY_LIST) & 0xff;
  while ((config_readw(port, express) & 0xff) != PCI_CAP_ID_EXP) {
    express = config_readw(port, express) >> 8;
  }
  config_writew(port, express + PCI_EXP_SLTCTL,
                PCI_EXP_SLTCTL_PWR_OFF | PCI_EXP_SLTCTL_PWR_IND_OFF);
  wait_for_event("DEVICE_DELETED");
}

PciDevice Qemu::root_port() {
  const nlohmann::json buses = run("query-pci");
  for (const auto& device : buses.at(0).at("devices")) {
    if (device.value("qdev_id", "") == "rp0") return {device["bus"], device["slot"], 0};
  }
  throw std::runtime_error("the machine has no root port");
}

std::optional<PciDevice> Qemu::find(uint16_t vendor_id, uint16_t device_id) {
  const nlohmann::json buses = run("query-pci");
  for (const auto& root : buses.at(0).at("devices")) {
    if (!root.contains("pci_bridge")) continue;
    const auto devices = root["pci_bridge"].value("devices", nlohmann::json::array());
    for (const auto& device : devices) {
      if (device["id"]["vendor"] != vendor_id || device["id"]["device"] != device_id) continue;
      return PciDevice{device["bus"], device["slot"],
                       device["regions"].at(0).value("address", 0ul)};
    }
  }
  return std::nullopt;
}

uint32_t Qemu::readl(uint64_t address) { return qtest(fmt::format("readl {:#x}", address)); }

void Qemu::writel(uint64_t address, uint32_t value) {
  qtest(fmt::format("writel {:#x} {:#x}", address, value));
}

void Qemu::memset(uint64_t address, uint64_t size, uint8_t value) {
  qtest(fmt::format("memset {:#x} {:#x} {:#x}", address, size, value));
}

uint16_t Qemu::config_readw(const PciDevice& device, uint32_t offset) {
  select_config(device, offset);
  return static_cast<uint16_t>(qtest(fmt::format("inw {:#x}", kConfigDataPort + offset % 4)));
}

void Qemu::config_writew(const PciDevice& device, uint32_t offset, uint16_t value) {
  select_config(device, offset);
  qtest(fmt::format("outw {:#x} {:#x}", kConfigDataPort + offset % 4, value));
}

void Qemu::select_config(const PciDevice& device, uint32_t offset) {
  const uint32_t address = kConfigEnable | device.bus << 16 | device.slot << 11 | (offset & ~3u);
  qtest(fmt::format("outl {:#x} {:#x}", kConfigAddressPort, address));
}

/// The value that the answer carries, or 0 if it has none.
uint32_t Qemu::qtest(const std::string& command) {
  qtest_->send(command + "\n");
  const std::string answer = qtest_->line();
  if (!answer.starts_with("OK")) throw std::runtime_error(command + ": " + answer);
  return answer.size() > 3 ? static_cast<uint32_t>(std::stoul(answer.substr(3), nullptr, 16)) : 0;
}

std::string Qemu::log() const { return read_file(directory_.file("log")); }

}  // namespace faultline::protocol_test
