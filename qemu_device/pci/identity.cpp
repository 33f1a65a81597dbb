// SPDX-License-Identifier: MIT
// The rules that PCI has for BARs and interrupts.
#include "qemu_device/pci/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

namespace faultline::pci {
namespace {

constexpr unsigned kBars = 6;
constexpr uint64_t kSmallestBar = 16;
constexpr uint64_t kSmallestMappedBar = 4096;
constexpr uint64_t kLargest32BitBar = 1ull << 31;
constexpr unsigned kMsiVectors = 32;
constexpr unsigned kMsixVectors = 2048;
constexpr uint64_t kMsixEntry = 16;

template <typename... Args>
void require(bool holds, fmt::format_string<Args...> rule, Args&&... args) {
  if (!holds) throw std::invalid_argument(fmt::format(rule, std::forward<Args>(args)...));
}

void check_bars(const std::vector<Bar>& bars) {
  std::array<bool, kBars> taken{};
  for (const Bar& bar : bars) {
    const unsigned slots = bar.width == BarWidth::k64 ? 2 : 1;
    require(bar.index + slots <= kBars, "BAR{} does not fit: there are {}", bar.index, kBars);
    for (unsigned i = bar.index; i < bar.index + slots; ++i) {
      require(!taken[i], "BAR{} is taken twice", i);
      taken[i] = true;
    }
    const uint64_t smallest = bar.fd >= 0 ? kSmallestMappedBar : kSmallestBar;
    require(std::has_single_bit(bar.size) && bar.size >= smallest,
            "the size of BAR{} must be a power of two from {} bytes, not {}", bar.index, smallest,
            bar.size);
    require(bar.width == BarWidth::k64 || bar.size <= kLargest32BitBar,
            "BAR{} is too large for 32 bits", bar.index);
  }
}

void check_msix(const PciIdentity& identity) {
  const Interrupts& i = identity.interrupts;
  require(i.vectors >= 1 && i.vectors <= kMsixVectors, "MSI-X has 1 to {} vectors, not {}",
          kMsixVectors, i.vectors);
  const auto bar = std::ranges::find(identity.bars, i.msix_bar, &Bar::index);
  require(bar != identity.bars.end() && bar->fd < 0,
          "the MSI-X table needs a BAR of its function that is not mapped; BAR{} is none",
          i.msix_bar);
  const uint64_t table_end = i.msix_table_offset + i.vectors * kMsixEntry;
  const uint64_t pba_end = i.msix_pba_offset + (i.vectors + 63) / 64 * sizeof(uint64_t);
  require(i.msix_table_offset % 8 == 0 && i.msix_pba_offset % 8 == 0 && table_end <= bar->size &&
              pba_end <= bar->size,
          "MSI-X table and pending bits must be aligned to 8 bytes and lie inside BAR{}",
          i.msix_bar);
  require(table_end <= i.msix_pba_offset || pba_end <= i.msix_table_offset,
          "MSI-X table and pending bits overlap");
}

}  // namespace

void check(const PciIdentity& identity) {
  require(identity.class_code < 1u << 24, "the class code has 24 bits");
  check_bars(identity.bars);
  if (identity.interrupts.kind == InterruptKind::kMsix) {
    check_msix(identity);
  } else {
    const unsigned vectors = identity.interrupts.vectors;
    require(std::has_single_bit(vectors) && vectors <= kMsiVectors,
            "MSI has 1, 2, 4, 8, 16 or 32 vectors, not {}", vectors);
  }
}

}  // namespace faultline::pci
