// SPDX-License-Identifier: MIT
// Accesses to MSI-X table and pending bits.
#include "qemu_device/pci/msix_table.hpp"

#include <linux/pci_regs.h>

#include <algorithm>
#include <cstring>

namespace faultline::pci {

MsixTable::MsixTable(const Interrupts& interrupts) : interrupts_(interrupts) {
  if (interrupts.kind == InterruptKind::kMsix) {
    table_.resize(size_t{interrupts.vectors} * PCI_MSIX_ENTRY_SIZE);
  }
  reset();
}

bool MsixTable::read(unsigned bar, uint64_t offset, std::span<std::byte> out,
                     const IsPending& is_pending) {
  if (const auto at =
          inside(bar, offset, out.size(), interrupts_.msix_table_offset, table_.size())) {
    std::memcpy(out.data(), table_.data() + *at, out.size());
    return true;
  }
  const auto at = inside(bar, offset, out.size(), interrupts_.msix_pba_offset, pba_size());
  if (!at) return false;
  std::ranges::fill(out, std::byte{0});
  for (unsigned vector = 0; vector < interrupts_.vectors; ++vector) {
    const uint64_t byte = vector / 8;
    if (byte < *at || byte - *at >= out.size() || !is_pending(vector)) continue;
    out[byte - *at] |= std::byte{1} << vector % 8;
  }
  return true;
}

bool MsixTable::write(unsigned bar, uint64_t offset, std::span<const std::byte> in) {
  if (const auto at =
          inside(bar, offset, in.size(), interrupts_.msix_table_offset, table_.size())) {
    std::memcpy(table_.data() + *at, in.data(), in.size());
    return true;
  }
  return inside(bar, offset, in.size(), interrupts_.msix_pba_offset, pba_size()).has_value();
}

void MsixTable::reset() {
  std::ranges::fill(table_, std::byte{0});
  for (size_t entry = 0; entry < table_.size(); entry += PCI_MSIX_ENTRY_SIZE) {
    table_[entry + PCI_MSIX_ENTRY_VECTOR_CTRL] = std::byte{PCI_MSIX_ENTRY_CTRL_MASKBIT};
  }
}

std::optional<uint64_t> MsixTable::inside(unsigned bar, uint64_t offset, size_t length,
                                          uint64_t area, size_t size) const {
  if (table_.empty() || bar != interrupts_.msix_bar || offset < area) return std::nullopt;
  const uint64_t at = offset - area;
  if (at > size || length > size - at) return std::nullopt;
  return at;
}

size_t MsixTable::pba_size() const { return (interrupts_.vectors + 63) / 64 * sizeof(uint64_t); }

}  // namespace faultline::pci
