// SPDX-License-Identifier: MIT
// Watches the link to QEMU: ends the program with its client, warns of memory it cannot reach.
#pragma once

#include "qemu_device/device/settings.hpp"
#include "qemu_device/pci/observer.hpp"
#include "qemu_device/vfio_user/event_loop.hpp"

namespace faultline::device {

/// Passes every event on to `next`.
class SessionWatch : public pci::Observer {
 public:
  SessionWatch(vfio_user::EventLoop& loop, Lifetime lifetime, pci::Observer& next)
      : loop_(loop), lifetime_(lifetime), next_(next) {}

  void connected() override;
  void disconnected() override;
  void config_access(pci::Direction direction, uint64_t offset,
                     std::span<const std::byte> data) override;
  void bar_access(pci::Direction direction, unsigned bar, uint64_t offset,
                  std::span<const std::byte> data) override;
  void dma_mapped(const pci::DmaMapping& mapping) override;
  void dma_unmapped(uint64_t address, uint64_t size) override;
  void reset(pci::ResetKind kind) override;
  void interrupt_raised(unsigned vector, pci::InterruptFate fate) override;
  void interrupts_configured(uint32_t index, uint32_t flags, uint32_t start,
                             uint32_t count) override;
  void message_refused(uint16_t command, int error) override;

 private:
  vfio_user::EventLoop& loop_;
  Lifetime lifetime_;
  pci::Observer& next_;
  bool warned_ = false;
};

}  // namespace faultline::device
