// SPDX-License-Identifier: MIT
// Puts a PciFunction behind a vfio-user socket, so that stock QEMU has it as a PCI Express device.
#pragma once

#include <string>

#include "qemu_device/pci/config_space.hpp"
#include "qemu_device/pci/guest_memory.hpp"
#include "qemu_device/pci/identity.hpp"
#include "qemu_device/pci/msix_table.hpp"
#include "qemu_device/pci/observer.hpp"
#include "qemu_device/pci/pci_function.hpp"
#include "qemu_device/vfio_user/event_loop.hpp"
#include "qemu_device/vfio_user/server.hpp"

namespace faultline::pci {

using vfio_user::EventLoop;
using vfio_user::Work;

/// Listens from construction to destruction; answers while its event loop runs. A client that goes
/// away resets the function as a link that goes down does, and the next one may come.
class Server : private Host, private vfio_user::Device {
 public:
  /// Attaches and power-on resets `function`. `observer` may be null. Throws std::invalid_argument
  /// for an impossible identity, std::runtime_error with one line that names cause and remedy for a
  /// socket that cannot be had.
  Server(EventLoop& loop, PciFunction& function, PciIdentity identity, std::string socket_path,
         Observer* observer = nullptr);

 private:
  // Host
  DmaSpace& dma() override { return memory_; }
  void raise(unsigned vector) override;

  // vfio_user::Device
  vfio_user::Region region(uint32_t index) const override;
  vfio_user::IrqTable::Counts irq_counts() const override;
  void region_read(uint32_t index, uint64_t offset, std::span<std::byte> data) override;
  void region_write(uint32_t index, uint64_t offset, std::span<const std::byte> data) override;
  void reset() override { reset_function(ResetKind::kBus); }
  void connected() override;
  void disconnected() override;
  void dma_mapped(const vfio_user::DmaRange& range) override;
  void dma_unmapped(uint64_t address, uint64_t size) override;
  void irqs_set(const vfio_user::IrqSet& request) override;
  void message_refused(vfio_user::Command command, int error) override;

  void config_write(uint64_t offset, std::span<const std::byte> data);
  void reset_function(ResetKind kind);
  uint32_t interrupt_index() const;

  PciIdentity identity_;
  PciFunction& function_;
  Observer silent_;
  Observer& observer_;
  ConfigSpace config_;
  MsixTable msix_;
  vfio_user::Server server_;
  GuestMemory memory_;
};

}  // namespace faultline::pci
