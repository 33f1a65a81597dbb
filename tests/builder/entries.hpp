// SPDX-License-Identifier: MIT
// Page-table entries from what they mean (GP100 MMU format).
#pragma once

#include <array>
#include <cstdint>

#include "regs/generated/faultline_regs.hpp"

namespace faultline::builder {

/// Where a page lies and what it allows.
struct Page {
  uint64_t address = 0;
  regs::PteAperture aperture = regs::PteAperture::kVidmem;
  uint8_t peer = 0;
  bool vol = false;
  bool privilege = false;
  bool read_only = false;
  bool atomic_disable = false;
  uint8_t kind = 0;
};

/// Where the next table lies; kInvalid: nowhere.
struct TablePointer {
  uint64_t address = 0;
  regs::PdeAperture aperture = regs::PdeAperture::kInvalid;
};

enum class Volatile : uint8_t { kNo, kYes };

using DualEntry = std::array<uint64_t, regs::dual_pde::kWords>;

uint64_t pte_of(const Page& page);
uint64_t pde_of(const TablePointer& next, Volatile vol = Volatile::kNo);
DualEntry dual_pde_of(const TablePointer& big, const TablePointer& small,
                      Volatile vol_big = Volatile::kNo, Volatile vol_small = Volatile::kNo);

inline constexpr uint64_t kSparsePte = regs::pte::vol.mask();
inline constexpr uint64_t kSparsePde = regs::pde::vol.mask();
/// An invalid 64 KiB entry that ends the walk.
inline constexpr uint64_t kUnmapped64kPte = regs::pte::privilege.mask();

}  // namespace faultline::builder
