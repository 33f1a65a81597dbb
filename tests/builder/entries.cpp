// SPDX-License-Identifier: MIT
// Page-table entries from what they mean.
#include "tests/builder/entries.hpp"

namespace faultline::builder {

using regs::PdeAperture;
using regs::PteAperture;

uint64_t pte_of(const Page& page) {
  using namespace regs::pte;
  const uint64_t frame = page.address >> kAddressShift;
  uint64_t entry = valid.set(0, 1);
  entry = aperture.set(entry, page.aperture);
  if (page.aperture == PteAperture::kVidmem) {
    entry = address_vid.set(entry, frame);
  } else if (page.aperture == PteAperture::kPeer) {
    entry = address_vid.set(entry, frame);
    entry = address_vid_peer.set(entry, page.peer);
    entry = comptagline.set(entry, page.address >> kComptaglineAddressShift);
  } else {
    entry = address_sys.set(entry, frame);
  }
  entry = vol.set(entry, page.vol);
  entry = privilege.set(entry, page.privilege);
  entry = read_only.set(entry, page.read_only);
  entry = atomic_disable.set(entry, page.atomic_disable);
  return kind.set(entry, page.kind);
}

uint64_t pde_of(const TablePointer& next, Volatile is_volatile) {
  using namespace regs::pde;
  const uint64_t frame = next.address >> kAddressShift;
  uint64_t entry = aperture.set(0, next.aperture);
  entry = vol.set(entry, is_volatile == Volatile::kYes);
  return next.aperture == PdeAperture::kVidmem ? address_vid.set(entry, frame)
                                               : address_sys.set(entry, frame);
}

DualEntry dual_pde_of(const TablePointer& big, const TablePointer& small, Volatile volatile_big,
                      Volatile volatile_small) {
  using namespace regs::dual_pde;
  DualEntry entry{};
  const std::span<uint64_t> words(entry);
  aperture_big.set(words, big.aperture);
  vol_big.set(words, volatile_big == Volatile::kYes);
  if (big.aperture == PdeAperture::kVidmem)
    address_big_vid.set(words, big.address >> kAddressBigShift);
  else
    address_big_sys.set(words, big.address >> kAddressBigShift);
  aperture_small.set(words, small.aperture);
  vol_small.set(words, volatile_small == Volatile::kYes);
  if (small.aperture == PdeAperture::kVidmem)
    address_small_vid.set(words, small.address >> kAddressShift);
  else
    address_small_sys.set(words, small.address >> kAddressShift);
  return entry;
}

}  // namespace faultline::builder
