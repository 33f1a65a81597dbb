// SPDX-License-Identifier: MIT
// Regions become BARs and configuration space; every crossing passes the observer.
#include "qemu_device/pci/server.hpp"

#include <fmt/format.h>
#include <linux/vfio.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace faultline::pci {
namespace {

PciIdentity checked(PciIdentity identity) {
  check(identity);
  return identity;
}

}  // namespace

Server::Server(EventLoop& loop, PciFunction& function, PciIdentity identity,
               std::string socket_path, Observer* observer)
    : identity_(checked(std::move(identity))),
      function_(function),
      observer_(observer != nullptr ? *observer : silent_),
      config_(identity_),
      msix_(identity_.interrupts),
      server_(loop, *this, std::move(socket_path)),
      memory_(server_.dma(), config_) {
  function_.attach(*this);
  reset_function(ResetKind::kPower);
}

void Server::raise(unsigned vector) {
  if (vector >= identity_.interrupts.vectors) {
    throw std::out_of_range(
        fmt::format("interrupt {} of {} raised", vector, identity_.interrupts.vectors));
  }
  const auto result = server_.irqs().raise(interrupt_index(), vector);
  observer_.interrupt_raised(vector, result == vfio_user::RaiseResult::kSent
                                         ? InterruptFate::kSent
                                         : InterruptFate::kLatched);
}

vfio_user::Region Server::region(uint32_t index) const {
  if (index == VFIO_PCI_CONFIG_REGION_INDEX) return {.size = ConfigSpace::kSize};
  const auto bar = std::ranges::find(identity_.bars, index, &Bar::index);
  if (bar == identity_.bars.end()) return {};
  return {.size = bar->size, .fd = bar->fd, .fd_offset = bar->fd_offset};
}

/// QEMU warns about a device without an error interrupt, so there is one, which is never raised.
vfio_user::IrqTable::Counts Server::irq_counts() const {
  vfio_user::IrqTable::Counts counts{};
  counts[interrupt_index()] = identity_.interrupts.vectors;
  counts[VFIO_PCI_ERR_IRQ_INDEX] = 1;
  return counts;
}

void Server::region_read(uint32_t index, uint64_t offset, std::span<std::byte> data) {
  if (index == VFIO_PCI_CONFIG_REGION_INDEX) {
    config_.read(offset, data);
    observer_.config_access(Direction::kRead, offset, data);
    return;
  }
  const auto is_pending = [this](unsigned vector) {
    return server_.irqs().pending(interrupt_index(), vector);
  };
  if (!msix_.read(index, offset, data, is_pending)) function_.bar_read(index, offset, data);
  observer_.bar_access(Direction::kRead, index, offset, data);
}

void Server::region_write(uint32_t index, uint64_t offset, std::span<const std::byte> data) {
  if (index == VFIO_PCI_CONFIG_REGION_INDEX) {
    observer_.config_access(Direction::kWrite, offset, data);
    config_write(offset, data);
    return;
  }
  observer_.bar_access(Direction::kWrite, index, offset, data);
  if (!msix_.write(index, offset, data)) function_.bar_write(index, offset, data);
}

void Server::connected() { observer_.connected(); }

/// The next client maps its memory before it resets the device: jobs of the last one must not run
/// on into it.
void Server::disconnected() {
  observer_.disconnected();
  reset_function(ResetKind::kBus);
}

void Server::dma_mapped(const vfio_user::DmaRange& range) {
  observer_.dma_mapped({range.address, range.size, range.writable, range.host != nullptr});
  function_.dma_changed();
}

void Server::dma_unmapped(uint64_t address, uint64_t size) {
  observer_.dma_unmapped(address, size);
  function_.dma_changed();
}

void Server::irqs_set(const vfio_user::IrqSet& request) {
  observer_.interrupts_configured(request.index, request.flags, request.start, request.count);
}

void Server::message_refused(vfio_user::Command command, int error) {
  observer_.message_refused(std::to_underlying(command), error);
}

void Server::config_write(uint64_t offset, std::span<const std::byte> data) {
  switch (config_.write(offset, data)) {
    case ConfigEffect::kNone:
      break;
    case ConfigEffect::kBusMasterChanged:
      function_.dma_changed();
      break;
    case ConfigEffect::kFunctionLevelReset:
      reset_function(ResetKind::kFunctionLevel);
      break;
  }
}

void Server::reset_function(ResetKind kind) {
  observer_.reset(kind);
  config_.reset();
  msix_.reset();
  server_.irqs().reset();
  function_.dma_changed();
  function_.reset(kind);
}

uint32_t Server::interrupt_index() const {
  return identity_.interrupts.kind == InterruptKind::kMsi ? VFIO_PCI_MSI_IRQ_INDEX
                                                          : VFIO_PCI_MSIX_IRQ_INDEX;
}

}  // namespace faultline::pci
