// SPDX-License-Identifier: MIT
// Calls from the PCI side into the model, and back.
#include "qemu_device/device/function.hpp"

namespace faultline::device {

namespace {

constexpr uint16_t kVendorId = 0x1234;
constexpr uint16_t kDeviceId = 0xfa17;
constexpr uint32_t kProcessingAccelerator = 0x120000;

constexpr unsigned kRegisterBar = 0;
constexpr unsigned kVramBar = 1;
constexpr uint64_t kRegisterBarBytes = uint64_t{16} << 20;

constexpr unsigned kVector = 0;

// How long a register read may have to wait for the model.
constexpr std::chrono::microseconds kQuantum{100};

}  // namespace

pci::PciIdentity identity(pci::InterruptKind interrupts, VramMapping mapping, uint64_t vram_bytes,
                          int vram_fd) {
  const bool msix = interrupts == pci::InterruptKind::kMsix;
  return {.vendor_id = kVendorId,
          .device_id = kDeviceId,
          .class_code = kProcessingAccelerator,
          .bars = {{.index = kRegisterBar, .size = kRegisterBarBytes},
                   {.index = kVramBar,
                    .size = vram_bytes,
                    .width = pci::BarWidth::k64,
                    .prefetchable = pci::Prefetchable::kYes,
                    .fd = mapping == VramMapping::kMapped ? vram_fd : -1}},
          .interrupts = {.kind = interrupts,
                         .msix_bar = kRegisterBar,
                         .msix_table_offset = msix ? kMsixTableOffset : 0,
                         .msix_pba_offset = msix ? kMsixPendingOffset : 0}};
}

Function::Function(const tlm::DeviceConfig& config, const tlm::MmuFactory& make_mmu)
    : device_("faultline", config, *this, *this, make_mmu) {
  // Elaborates, and lets every process reach its first wait.
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

void Function::bar_read(unsigned bar, uint64_t offset, std::span<std::byte> data) {
  if (bar == kRegisterBar) {
    device_.bar0_read(offset, data);
  } else {
    device_.bar1_read(offset, data);
  }
}

void Function::bar_write(unsigned bar, uint64_t offset, std::span<const std::byte> data) {
  if (bar == kRegisterBar) {
    device_.bar0_write(offset, data);
  } else {
    device_.bar1_write(offset, data);
  }
}

void Function::reset(pci::ResetKind kind) {
  device_.reset(kind == pci::ResetKind::kPower ? tlm::ResetKind::kPower
                                               : tlm::ResetKind::kFunction);
}

std::optional<std::chrono::nanoseconds> Function::due() {
  if (device_.is_busy()) return std::chrono::nanoseconds{0};
  device_.event_trace().flush();
  return std::nullopt;
}

void Function::run_quantum() { device_.run(kQuantum); }

std::span<std::byte> Function::span(uint64_t address, size_t size, tlm::Intent intent) {
  return host_->dma().span(address, size, intent == tlm::Intent::kWrite);
}

bool Function::read(uint64_t address, std::span<std::byte> out) {
  return host_->dma().read(address, out);
}

bool Function::write(uint64_t address, std::span<const std::byte> in) {
  return host_->dma().write(address, in);
}

void Function::send_interrupt() { host_->raise(kVector); }

}  // namespace faultline::device
