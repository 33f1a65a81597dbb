// SPDX-License-Identifier: MIT
// The smallest useful device: a scratch register, and a checksum of guest memory with an interrupt
// when it is done.
#pragma once

#include <array>
#include <cstdint>

#include "qemu_device/pci/identity.hpp"
#include "qemu_device/pci/pci_function.hpp"
#include "qemu_device/vfio_user/event_loop.hpp"

namespace faultline::example {

/// 32-bit registers of BAR0, in order. Writing COMMAND starts the sum of LENGTH bytes at ADDRESS.
enum Register : unsigned {
  kId,  // read-only
  kScratch,
  kAddressLo,
  kAddressHi,
  kLength,
  kCommand,
  kResult,
  kStatus,
  kRegisterCount,
};
enum Status : uint32_t { kIdle, kBusy, kDone, kDmaError };

constexpr uint32_t kIdValue = 0x4d555343;  // "CSUM"

pci::PciIdentity identity();

class ChecksumDevice : public pci::PciFunction, public vfio_user::Work {
 public:
  void attach(pci::Host& host) override { host_ = &host; }
  void bar_read(unsigned bar, uint64_t offset, std::span<std::byte> data) override;
  void bar_write(unsigned bar, uint64_t offset, std::span<const std::byte> data) override;
  void reset(pci::ResetKind kind) override;

  std::optional<std::chrono::nanoseconds> due() override;
  void run_quantum() override;

 private:
  void finish(Status status);

  pci::Host* host_ = nullptr;
  std::array<uint32_t, kRegisterCount> registers_{};
  uint32_t done_ = 0;  // bytes summed so far
};

}  // namespace faultline::example
