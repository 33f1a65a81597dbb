// SPDX-License-Identifier: MIT
// A stock QEMU under the control of a test: QMP for its devices, qtest for loads and stores of the
// machine.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "qemu_device/vfio_user/unique_fd.hpp"
#include "tests/protocol/child_process.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {

/// Whether qemu-system-x86_64 is installed and has vfio-user-pci; if not, why not.
std::optional<std::string> why_no_qemu();

/// A socket that QEMU listens at, read line by line. Throws std::runtime_error after 30 seconds of
/// silence.
class LineSocket {
 public:
  explicit LineSocket(const std::string& path);
  void send(const std::string& text);
  std::string line();

 private:
  vfio_user::UniqueFd socket_;
  std::string buffer_;
};

struct PciDevice {
  uint32_t bus;
  uint32_t slot;
  uint64_t bar0;  // its guest-physical address
};

/// A q35 machine with 256 MiB and one empty root port, without disk or kernel: only its firmware
/// runs.
class Qemu {
 public:
  /// With `device_socket` the device is there from the start.
  explicit Qemu(const std::optional<std::string>& device_socket);

  /// Runs a QMP command and returns its answer; throws std::runtime_error with QEMU's words if it
  /// fails.
  nlohmann::json run(const std::string& command, const nlohmann::json& arguments = {});
  void wait_for_event(const std::string& name);
  void plug(const std::string& device_socket);
  /// Asks for the unplug, grants it as a guest's hot-plug driver would (by switching the slot off),
  /// and waits for its end.
  void unplug();
  /// The function behind the root port, once firmware or a plug has put it there.
  std::optional<PciDevice> find(uint16_t vendor_id, uint16_t device_id);

  /// Loads and stores in the machine's physical address space, and I/O ports.
  uint32_t readl(uint64_t address);
  void writel(uint64_t address, uint32_t value);
  void memset(uint64_t address, uint64_t size, uint8_t value);
  uint16_t config_readw(const PciDevice& device, uint32_t offset);
  void config_writew(const PciDevice& device, uint32_t offset, uint16_t value);

 private:
  uint32_t qtest(const std::string& command);
  void select_config(const PciDevice& device, uint32_t offset);
  PciDevice root_port();
  std::string log() const;

  TemporaryDirectory directory_;
  std::unique_ptr<ChildProcess> process_;
  std::unique_ptr<LineSocket> qmp_;
  std::unique_ptr<LineSocket> qtest_;
  std::vector<std::string> events_;
};

}  // namespace faultline::protocol_test
