// SPDX-License-Identifier: MIT
// Access checks on a valid translation.
#include "systemc_models/mmu/leaf.hpp"

namespace faultline::mmu {

using regs::FaultType;

std::optional<FaultType> check_access(const Leaf& leaf, Access access, bool privileged,
                                      StrongAtomics strong_atomics) {
  const bool writes =
      access == Access::kWrite || access == Access::kAtomic || access == Access::kAtomicWeak;
  const bool strong = access == Access::kAtomic && strong_atomics == StrongAtomics::kChecked;
  if (leaf.kind == static_cast<uint8_t>(regs::PteKind::kInvalid))
    return FaultType::kUnsupportedKind;
  if (leaf.privilege && !privileged) return FaultType::kPrivViolation;
  if (leaf.read_only && writes) return FaultType::kRoViolation;
  if (leaf.atomic_disable && strong) return FaultType::kAtomicViolation;
  return {};
}

uint16_t allowed_accesses(const Leaf& leaf, StrongAtomics strong_atomics) {
  uint16_t allowed = 0;
  for (const bool privileged : {false, true}) {
    for (unsigned code = 0; code < kAccesses; ++code) {
      const auto access = static_cast<Access>(code);
      if (!check_access(leaf, access, privileged, strong_atomics))
        allowed |= static_cast<uint16_t>(1u << access_index(access, privileged));
    }
  }
  return allowed;
}

}  // namespace faultline::mmu
