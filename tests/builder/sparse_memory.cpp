// SPDX-License-Identifier: MIT
// Physical memory for tests.
#include "tests/builder/sparse_memory.hpp"

#include <algorithm>

namespace faultline::builder {

bool SparseMemory::answers(mmu::Aperture aperture, uint64_t address, size_t size) const {
  if (aperture == mmu::Aperture::kPeer) return false;
  const auto end = ends_.find(aperture);
  return end == ends_.end() || (address < end->second && size <= end->second - address);
}

std::span<std::byte> SparseMemory::within_page(mmu::Aperture aperture, uint64_t address,
                                               size_t size) {
  const uint64_t offset = address % kPage;
  return std::span(pages_[{aperture, address / kPage}])
      .subspan(offset, std::min<size_t>(size, kPage - offset));
}

bool SparseMemory::read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out) {
  if (!answers(aperture, address, out.size())) return false;
  while (!out.empty()) {
    const auto part = within_page(aperture, address, out.size());
    std::ranges::copy(part, out.begin());
    address += part.size();
    out = out.subspan(part.size());
  }
  return true;
}

bool SparseMemory::write(mmu::Aperture aperture, uint64_t address, std::span<const std::byte> in) {
  if (!answers(aperture, address, in.size())) return false;
  while (!in.empty()) {
    const auto part = within_page(aperture, address, in.size());
    std::ranges::copy(in.first(part.size()), part.begin());
    address += part.size();
    in = in.subspan(part.size());
  }
  return true;
}

uint32_t SparseMemory::read32(mmu::Aperture aperture, uint64_t address) {
  uint32_t value = 0;
  read(aperture, address, std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

void SparseMemory::write32(mmu::Aperture aperture, uint64_t address, uint32_t value) {
  write(aperture, address, std::as_bytes(std::span(&value, 1)));
}

}  // namespace faultline::builder
