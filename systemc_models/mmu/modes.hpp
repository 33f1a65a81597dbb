// SPDX-License-Identifier: MIT
// MMU_CTRL, as translation needs it.
#pragma once

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/mmu/leaf.hpp"

namespace faultline::mmu {

struct Modes {
  bool mmu_disable = false;
  Aperture untranslated_aperture = Aperture::kVidmem;  ///< of accesses while it is disabled
  bool untranslated_vol = false;
  StrongAtomics strong_atomics = StrongAtomics::kChecked;
  bool keeps_pages = true;
  bool keeps_directories = true;
};

/// The answer while translation is off.
inline Answer untranslated(const Modes& modes, uint64_t va) {
  return {.outcome = Outcome::kTranslated,
          .pa = va,
          .aperture = modes.untranslated_aperture,
          .vol = modes.untranslated_vol};
}

}  // namespace faultline::mmu
