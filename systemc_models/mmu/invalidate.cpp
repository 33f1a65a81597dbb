// SPDX-License-Identifier: MIT
// The access classes of CANCEL_VA_GLOBAL.
#include "systemc_models/mmu/invalidate.hpp"

namespace faultline::mmu {

bool cancels(regs::CancelAccess wanted, Access access) {
  using enum regs::CancelAccess;
  const bool atomic = access == Access::kAtomic || access == Access::kAtomicWeak;
  switch (wanted) {
    case kRead:
      return access == Access::kRead;
    case kWrite:
      return access == Access::kWrite;
    case kAtomicStrong:
      return access == Access::kAtomic;
    case kAtomicWeak:
      return access == Access::kAtomicWeak;
    case kAtomicAll:
      return atomic;
    case kWriteAndAtomic:
      return atomic || access == Access::kWrite;
    case kAll:
      return true;
    case kRsvrvd:
      return false;
  }
  return false;
}

bool Invalidate::cancels(const Request& request, std::optional<SpaceKey> space,
                         bool same_utlb) const {
  constexpr unsigned kPage = shift_of(Level::kPte4k);
  switch (replay) {
    case regs::ReplayOp::kCancelGlobal:
      return true;
    case regs::ReplayOp::kCancelTargeted:
      return cancel_target.client_type == ClientType::kGpc && same_utlb;
    case regs::ReplayOp::kCancelVaGlobal:
      return space && hits_space(*space) && request.va >> kPage == va >> kPage &&
             mmu::cancels(cancel_access, request.access);
    default:
      return false;
  }
}

}  // namespace faultline::mmu
