// SPDX-License-Identifier: MIT
// Layout and write masks of configuration space; names and bits are those of linux/pci_regs.h.
#include "qemu_device/pci/config_space.hpp"

#include <linux/pci_regs.h>

#include <bit>
#include <cstring>

namespace faultline::pci {
namespace {

constexpr uint8_t kPowerManagement = 0x40;
constexpr uint8_t kMessageInterrupts = 0x48;
constexpr uint8_t kExpress = 0x60;
constexpr uint32_t kAllBits = 0xffffffff;

}  // namespace

ConfigSpace::ConfigSpace(const PciIdentity& identity) {
  add_header(identity);
  for (const Bar& bar : identity.bars) add_bar(bar);
  add_power_management(kMessageInterrupts);
  if (identity.interrupts.kind == InterruptKind::kMsi) {
    add_msi(identity.interrupts.vectors, kExpress);
  } else {
    add_msix(identity.interrupts, kExpress);
  }
  add_express();
  bytes_ = reset_;
}

void ConfigSpace::read(uint64_t offset, std::span<std::byte> out) const {
  std::memcpy(out.data(), bytes_.data() + offset, out.size());
}

ConfigEffect ConfigSpace::write(uint64_t offset, std::span<const std::byte> in) {
  if (resets_function(offset, in)) return ConfigEffect::kFunctionLevelReset;
  const bool was_master = bus_master();
  for (size_t i = 0; i < in.size(); ++i) {
    const std::byte mask = writable_[offset + i];
    bytes_[offset + i] = (bytes_[offset + i] & ~mask) | (in[i] & mask);
  }
  return bus_master() == was_master ? ConfigEffect::kNone : ConfigEffect::kBusMasterChanged;
}

bool ConfigSpace::bus_master() const {
  return (std::to_integer<unsigned>(bytes_[PCI_COMMAND]) & PCI_COMMAND_MASTER) != 0;
}

void ConfigSpace::put(size_t offset, size_t size, uint32_t value, uint32_t writable) {
  for (size_t i = 0; i < size; ++i) {
    reset_[offset + i] = static_cast<std::byte>(value >> (8 * i));
    writable_[offset + i] = static_cast<std::byte>(writable >> (8 * i));
  }
}

void ConfigSpace::add_header(const PciIdentity& identity) {
  put16(PCI_VENDOR_ID, identity.vendor_id);
  put16(PCI_DEVICE_ID, identity.device_id);
  put16(PCI_COMMAND, 0,
        PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY | PCI_COMMAND_SERR |
            PCI_COMMAND_INTX_DISABLE);
  put16(PCI_STATUS, PCI_STATUS_CAP_LIST);
  put32(PCI_CLASS_REVISION, identity.class_code << 8 | identity.revision);
  put8(PCI_CACHE_LINE_SIZE, 0, 0xff);
  put16(PCI_SUBSYSTEM_VENDOR_ID, identity.subsystem_vendor_id);
  put16(PCI_SUBSYSTEM_ID, identity.subsystem_id);
  put8(PCI_CAPABILITY_LIST, kPowerManagement);
  // The pin register stays 0: there is no INTx.
  put8(PCI_INTERRUPT_LINE, 0, 0xff);
}

/// Software finds the size by writing ones: bits below it do not stick.
void ConfigSpace::add_bar(const Bar& bar) {
  const size_t offset = PCI_BASE_ADDRESS_0 + 4 * bar.index;
  const uint64_t writable = ~(bar.size - 1);
  uint32_t type = PCI_BASE_ADDRESS_SPACE_MEMORY;
  type |= bar.width == BarWidth::k64 ? PCI_BASE_ADDRESS_MEM_TYPE_64 : PCI_BASE_ADDRESS_MEM_TYPE_32;
  if (bar.prefetchable == Prefetchable::kYes) type |= PCI_BASE_ADDRESS_MEM_PREFETCH;
  put32(offset, type, static_cast<uint32_t>(writable));
  if (bar.width == BarWidth::k64) put32(offset + 4, 0, static_cast<uint32_t>(writable >> 32));
}

/// D3hot keeps all state (No_Soft_Reset), so a power state is just a value.
void ConfigSpace::add_power_management(uint8_t next) {
  put8(kPowerManagement + PCI_CAP_LIST_ID, PCI_CAP_ID_PM);
  put8(kPowerManagement + PCI_CAP_LIST_NEXT, next);
  put16(kPowerManagement + PCI_PM_PMC, 3);  // version of the specification
  put16(kPowerManagement + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET, PCI_PM_CTRL_STATE_MASK);
}

void ConfigSpace::add_msi(unsigned vectors, uint8_t next) {
  constexpr size_t kAt = kMessageInterrupts;
  const auto log2_vectors = static_cast<unsigned>(std::bit_width(vectors) - 1);
  put8(kAt + PCI_CAP_LIST_ID, PCI_CAP_ID_MSI);
  put8(kAt + PCI_CAP_LIST_NEXT, next);
  put16(kAt + PCI_MSI_FLAGS, static_cast<uint16_t>(PCI_MSI_FLAGS_64BIT | log2_vectors << 1),
        PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE);
  put32(kAt + PCI_MSI_ADDRESS_LO, 0, kAllBits & ~3u);
  put32(kAt + PCI_MSI_ADDRESS_HI, 0, kAllBits);
  put16(kAt + PCI_MSI_DATA_64, 0, 0xffff);
}

void ConfigSpace::add_msix(const Interrupts& interrupts, uint8_t next) {
  constexpr size_t kAt = kMessageInterrupts;
  put8(kAt + PCI_CAP_LIST_ID, PCI_CAP_ID_MSIX);
  put8(kAt + PCI_CAP_LIST_NEXT, next);
  put16(kAt + PCI_MSIX_FLAGS, static_cast<uint16_t>(interrupts.vectors - 1),
        PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
  put32(kAt + PCI_MSIX_TABLE, interrupts.msix_table_offset | interrupts.msix_bar);
  put32(kAt + PCI_MSIX_PBA, interrupts.msix_pba_offset | interrupts.msix_bar);
}

/// A version 2 endpoint with function-level reset on a 2.5 GT/s x1 link; the link's speed is only a
/// number here.
void ConfigSpace::add_express() {
  put8(kExpress + PCI_CAP_LIST_ID, PCI_CAP_ID_EXP);
  put16(kExpress + PCI_EXP_FLAGS, 2 | PCI_EXP_TYPE_ENDPOINT << 4);
  put32(kExpress + PCI_EXP_DEVCAP, PCI_EXP_DEVCAP_RBER | PCI_EXP_DEVCAP_FLR);
  put16(kExpress + PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_RELAX_EN | PCI_EXP_DEVCTL_NOSNOOP_EN,
        static_cast<uint16_t>(~PCI_EXP_DEVCTL_BCR_FLR));
  put32(kExpress + PCI_EXP_LNKCAP, PCI_EXP_LNKCAP_SLS_2_5GB | 1 << 4);
  put16(kExpress + PCI_EXP_LNKCTL, 0, PCI_EXP_LNKCTL_RCB | PCI_EXP_LNKCTL_CCC);
  put16(kExpress + PCI_EXP_LNKSTA, PCI_EXP_LNKSTA_CLS_2_5GB | PCI_EXP_LNKSTA_NLW_X1);
  put32(kExpress + PCI_EXP_LNKCAP2, PCI_EXP_LNKCAP2_SLS_2_5GB);
}

bool ConfigSpace::resets_function(uint64_t offset, std::span<const std::byte> in) const {
  constexpr uint64_t kHighByte = kExpress + PCI_EXP_DEVCTL + 1;
  if (kHighByte < offset || kHighByte - offset >= in.size()) return false;
  return (std::to_integer<unsigned>(in[kHighByte - offset]) & PCI_EXP_DEVCTL_BCR_FLR >> 8) != 0;
}

}  // namespace faultline::pci
