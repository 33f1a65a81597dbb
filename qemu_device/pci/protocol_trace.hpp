// SPDX-License-Identifier: MIT
// An observer that writes one line an event: what --trace-protocol shows.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "qemu_device/pci/observer.hpp"

namespace faultline::pci {

class ProtocolTrace : public Observer {
 public:
  /// Writes to `path`, or to standard error if that is "-". Throws std::runtime_error if the file
  /// cannot be made. A file that cannot take more ends the trace, with a line on standard error,
  /// not the device.
  explicit ProtocolTrace(const std::string& path);
  ProtocolTrace(const ProtocolTrace&) = delete;
  ProtocolTrace& operator=(const ProtocolTrace&) = delete;
  ~ProtocolTrace() override;

  void connected() override;
  void disconnected() override;
  void config_access(Direction, uint64_t offset, std::span<const std::byte> data) override;
  void bar_access(Direction, unsigned bar, uint64_t offset,
                  std::span<const std::byte> data) override;
  void dma_mapped(const DmaMapping& mapping) override;
  void dma_unmapped(uint64_t address, uint64_t size) override;
  void reset(ResetKind kind) override;
  void interrupt_raised(unsigned vector, InterruptFate fate) override;
  void interrupts_configured(uint32_t index, uint32_t flags, uint32_t start,
                             uint32_t count) override;
  void message_refused(uint16_t command, int error) override;

 private:
  void line(std::string_view text);
  void close();

  std::string path_;
  std::FILE* file_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace faultline::pci
