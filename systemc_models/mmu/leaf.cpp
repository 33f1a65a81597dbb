// SPDX-License-Identifier: MIT
// Which accesses a page allows.
#include "systemc_models/mmu/leaf.hpp"

#include <array>

namespace faultline::mmu {

namespace {

constexpr unsigned kAttributeSets = 16;

constexpr unsigned attributes_of(const Leaf& leaf, StrongAtomics strong_atomics) {
  return (leaf.privilege ? 1u : 0) | (leaf.read_only ? 2u : 0) | (leaf.atomic_disable ? 4u : 0) |
         (strong_atomics == StrongAtomics::kOverride ? 8u : 0);
}

constexpr uint16_t asked_one_by_one(const Leaf& leaf, StrongAtomics strong_atomics) {
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

/// By attributes_of(); every walk needs it, so the questions are asked beforehand.
constexpr auto kAllowed = [] {
  std::array<uint16_t, kAttributeSets> table{};
  for (const bool privilege : {false, true})
    for (const bool read_only : {false, true})
      for (const bool atomic_disable : {false, true})
        for (const auto strong : {StrongAtomics::kChecked, StrongAtomics::kOverride}) {
          const Leaf leaf{
              .privilege = privilege, .read_only = read_only, .atomic_disable = atomic_disable};
          table[attributes_of(leaf, strong)] = asked_one_by_one(leaf, strong);
        }
  return table;
}();

}  // namespace

uint16_t allowed_accesses(const Leaf& leaf, StrongAtomics strong_atomics) {
  if (leaf.kind == static_cast<uint8_t>(regs::PteKind::kInvalid)) return 0;
  return kAllowed[attributes_of(leaf, strong_atomics)];
}

}  // namespace faultline::mmu
