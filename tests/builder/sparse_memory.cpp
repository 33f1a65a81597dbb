// SPDX-License-Identifier: MIT
// Physical memory for tests.
#include "tests/builder/sparse_memory.hpp"

namespace faultline::builder {

bool SparseMemory::answers(mmu::Aperture aperture, uint64_t address, size_t size) const {
  if (aperture == mmu::Aperture::kPeer) return false;
  const auto end = ends_.find(aperture);
  return end == ends_.end() || (address < end->second && size <= end->second - address);
}

std::byte& SparseMemory::at(mmu::Aperture aperture, uint64_t address) {
  return pages_[{aperture, address / kPage}][address % kPage];
}

bool SparseMemory::read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out) {
  if (!answers(aperture, address, out.size())) return false;
  for (std::byte& byte : out) byte = at(aperture, address++);
  return true;
}

bool SparseMemory::write(mmu::Aperture aperture, uint64_t address, std::span<const std::byte> in) {
  if (!answers(aperture, address, in.size())) return false;
  for (const std::byte byte : in) at(aperture, address++) = byte;
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
