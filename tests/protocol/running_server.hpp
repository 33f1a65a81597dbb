// SPDX-License-Identifier: MIT
// A server with a plain memory-like function, running in a thread of the test.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "qemu_device/pci/server.hpp"

namespace faultline::protocol_test {

constexpr uint64_t kBar0Size = 4096;
constexpr uint64_t kBar2Size = uint64_t{1} << 36;

/// BAR0 is memory; BAR2 is larger than 32 bits and reads as zero. Touch it only through
/// RunningServer::on_loop().
class MemoryFunction : public pci::PciFunction {
 public:
  void attach(pci::Host& given) override { host = &given; }
  void bar_read(unsigned bar, uint64_t offset, std::span<std::byte> data) override;
  void bar_write(unsigned bar, uint64_t offset, std::span<const std::byte> data) override;
  void reset(pci::ResetKind kind) override;
  void dma_changed() override { ++dma_changes; }

  pci::Host* host = nullptr;
  std::vector<std::byte> bar0 = std::vector<std::byte>(kBar0Size);
  std::vector<pci::ResetKind> resets;
  unsigned dma_changes = 0;
  uint64_t last_offset = 0;
};

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

pci::PciIdentity memory_identity();

class RunningServer {
 public:
  explicit RunningServer(const pci::PciIdentity& identity = memory_identity(),
                         pci::Observer* observer = nullptr, pci::Work* work = nullptr);
  ~RunningServer();

  const std::string& path() const { return path_; }
  /// Runs `action` in the server's thread, between messages, and waits for it.
  void on_loop(const std::function<void(MemoryFunction&)>& action);
  /// Waits until `holds` is true in the server's thread; false after five seconds.
  bool eventually(const std::function<bool(MemoryFunction&)>& holds);

 private:
  void run_action();

  TemporaryDirectory directory_;
  std::string path_;
  pci::EventLoop loop_;
  MemoryFunction function_;
  pci::Server server_;
  vfio_user::UniqueFd action_event_;
  std::mutex mutex_;
  std::function<void()> action_;
  std::thread thread_;
};

/// Number of descriptors that this process has open.
size_t open_descriptors();

}  // namespace faultline::protocol_test
