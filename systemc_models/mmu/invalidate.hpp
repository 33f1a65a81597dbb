// SPDX-License-Identifier: MIT
// What an invalidate operation asks for, and which cached entries it hits.
#pragma once

#include <cstdint>
#include <optional>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/instance_block.hpp"

namespace faultline::mmu {

enum class TlbScope : uint8_t { kAll, kHubOnly };

struct Invalidate {
  bool all_va = false;
  bool all_pdb = false;
  TlbScope scope = TlbScope::kAll;
  uint64_t va = 0;           ///< 4 KiB aligned
  unsigned size_shift = 12;  ///< log2 of the region's bytes; the region is aligned to its size
  uint64_t pdb = 0;
  bool pdb_in_sysmem = false;
  regs::CacheLevel level = regs::CacheLevel::kAll;

  regs::ReplayOp replay = regs::ReplayOp::kNone;
  regs::CancelAccess cancel_access = regs::CancelAccess::kAll;
  Requester cancel_target;  ///< CANCEL_TARGETED: any client of the uTLB

  /// An invalidate names system memory without saying whether it is snooped.
  bool hits_space(SpaceKey space) const {
    return all_pdb ||
           (pdb_of(space) == pdb && (aperture_of(space) != Aperture::kVidmem) == pdb_in_sysmem);
  }
  bool hits_region(uint64_t first, unsigned shift) const {
    const unsigned coarser = shift > size_shift ? shift : size_shift;
    return all_va || coarser >= 64 || first >> coarser == va >> coarser;
  }
  bool hits(SpaceKey space, uint64_t first, unsigned shift) const {
    return hits_space(space) && hits_region(first, shift);
  }
  /// Directory entries of which level go too: those with a VA shift up to this. 0: none.
  unsigned directory_limit() const {
    using enum regs::CacheLevel;
    switch (level) {
      case kPteOnly:
        return 0;
      case kUpToPde0:
        return shift_of(Level::kPde0);
      case kUpToPde1:
        return shift_of(Level::kPde1);
      case kUpToPde2:
        return shift_of(Level::kPde2);
      default:
        return shift_of(Level::kPde3);
    }
  }
  /// Whether a fault of this parked request ends it. `space`: nothing if it is not bound;
  /// `same_utlb`: it waits in the uTLB of `cancel_target`.
  bool cancels(const Request& request, std::optional<SpaceKey> space, bool same_utlb) const;
  /// Bindings go with the whole of an address space.
  bool drops_bindings() const { return all_va && directory_limit() == shift_of(Level::kPde3); }
};

/// Whether CANCEL_VA_GLOBAL of this class means an access of this type.
bool cancels(regs::CancelAccess wanted, Access access);

}  // namespace faultline::mmu
