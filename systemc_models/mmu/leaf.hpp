// SPDX-License-Identifier: MIT
// A translation as the TLBs keep it, and which accesses it allows.
#pragma once

#include <cstdint>
#include <optional>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::mmu {

/// What a valid PTE says.
struct Leaf {
  uint64_t page = 0;  ///< physical address of the page
  Aperture aperture = Aperture::kVidmem;
  uint8_t peer = 0;
  uint8_t page_shift = 12;
  uint8_t kind = 0;
  bool vol = false;
  bool privilege = false;
  bool read_only = false;
  bool atomic_disable = false;
  uint16_t allowed = 0;  ///< bit access_index(): no fault
};

/// What software may change about the checks.
enum class StrongAtomics : uint8_t { kChecked, kOverride };  ///< MMU_CTRL, STRONG_BIT_OVERRIDE

constexpr unsigned kAccesses = 8;

constexpr unsigned access_index(Access access, bool privileged) {
  return (static_cast<unsigned>(access) % kAccesses) + (privileged ? kAccesses : 0);
}

/// The fault that `access` takes on a page, if any. Order: kind, privilege, read-only, atomic.
constexpr std::optional<regs::FaultType> check_access(const Leaf& leaf, Access access,
                                                      bool privileged,
                                                      StrongAtomics strong_atomics) {
  const bool writes =
      access == Access::kWrite || access == Access::kAtomic || access == Access::kAtomicWeak;
  const bool strong = access == Access::kAtomic && strong_atomics == StrongAtomics::kChecked;
  if (leaf.kind == static_cast<uint8_t>(regs::PteKind::kInvalid))
    return regs::FaultType::kUnsupportedKind;
  if (leaf.privilege && !privileged) return regs::FaultType::kPrivViolation;
  if (leaf.read_only && writes) return regs::FaultType::kRoViolation;
  if (leaf.atomic_disable && strong) return regs::FaultType::kAtomicViolation;
  return {};
}

/// Leaf::allowed from the other members.
uint16_t allowed_accesses(const Leaf& leaf, StrongAtomics strong_atomics);

inline Answer answer_from(const Leaf& leaf, uint64_t va) {
  const uint64_t offset_mask = (uint64_t{1} << leaf.page_shift) - 1;
  return {.outcome = Outcome::kTranslated,
          .pa = leaf.page | (va & offset_mask),
          .aperture = leaf.aperture,
          .peer = leaf.peer,
          .page_shift = leaf.page_shift,
          .vol = leaf.vol,
          .read_only = leaf.read_only,
          .atomic_disable = leaf.atomic_disable,
          .kind = leaf.kind};
}

}  // namespace faultline::mmu
