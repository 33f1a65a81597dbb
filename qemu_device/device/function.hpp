// SPDX-License-Identifier: MIT
// The model as a PCI function: BARs to the device top, guest memory and interrupts to the link.
#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "qemu_device/pci/identity.hpp"
#include "qemu_device/pci/pci_function.hpp"
#include "qemu_device/vfio_user/event_loop.hpp"
#include "systemc_models/tlm/device.hpp"

namespace faultline::device {

/// Where software finds the vector table and pending bits if the function offers MSI-X: behind all
/// registers of BAR0.
inline constexpr uint32_t kMsixTableOffset = 0xff0000;
inline constexpr uint32_t kMsixPendingOffset = 0xff1000;

enum class VramMapping { kTrapped, kMapped };

/// device.md, "PCI function". Mapped: the guest's accesses to BAR1 go straight to `vram_fd`, and
/// its register writes are not posted any more.
pci::PciIdentity identity(pci::InterruptKind interrupts, VramMapping mapping, uint64_t vram_bytes,
                          int vram_fd);

/// One a process, as the device top.
class Function : public pci::PciFunction,
                 public vfio_user::Work,
                 private tlm::HostMemory,
                 private tlm::MessageSink {
 public:
  /// Throws as tlm::Device does.
  Function(const tlm::DeviceConfig& config, const tlm::MmuFactory& make_mmu);

  // pci::PciFunction
  void attach(pci::Host& host) override { host_ = &host; }
  void bar_read(unsigned bar, uint64_t offset, std::span<std::byte> data) override;
  void bar_write(unsigned bar, uint64_t offset, std::span<const std::byte> data) override;
  void reset(pci::ResetKind kind) override;
  void dma_changed() override { device_.host_memory_changed(); }

  // vfio_user::Work
  std::optional<std::chrono::nanoseconds> due() override;
  void run_quantum() override;

  tlm::Device& device() { return device_; }

 private:
  // tlm::HostMemory
  std::span<std::byte> span(uint64_t address, size_t size, tlm::Intent intent) override;
  bool read(uint64_t address, std::span<std::byte> out) override;
  bool write(uint64_t address, std::span<const std::byte> in) override;
  // tlm::MessageSink
  void send_interrupt() override;

  pci::Host* host_ = nullptr;
  tlm::Device device_;
};

}  // namespace faultline::device
