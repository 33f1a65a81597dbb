// SPDX-License-Identifier: MIT
// A memory file, mapped as a client's would be.
#include "tests/bench/tlm/mapped_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace faultline::bench {

using vfio_user::DmaAccess;

MappedMemory::MappedMemory(uint64_t bytes) {
  vfio_user::UniqueFd fd(memfd_create("faultline-bench", MFD_CLOEXEC));
  const vfio_user::DmaRange range{.address = 0,
                                  .size = bytes,
                                  .offset = 0,
                                  .readable = true,
                                  .writable = true,
                                  .host = nullptr};
  if (fd.get() < 0 || ftruncate(fd.get(), static_cast<off_t>(bytes)) != 0 ||
      table_.map(range, std::move(fd)) != 0)
    throw std::runtime_error("the host has no memory for the benchmark");
}

std::span<std::byte> MappedMemory::span(uint64_t address, size_t size, tlm::Intent intent) {
  return table_.span(address, size,
                     intent == tlm::Intent::kWrite ? DmaAccess::kWrite : DmaAccess::kRead);
}

bool MappedMemory::read(uint64_t address, std::span<std::byte> out) {
  return table_.read(address, out);
}

bool MappedMemory::write(uint64_t address, std::span<const std::byte> in) {
  return table_.write(address, in);
}

bool MappedMemory::read(mmu::Aperture, uint64_t address, std::span<std::byte> out) {
  return read(address, out);
}

bool MappedMemory::write(mmu::Aperture, uint64_t address, std::span<const std::byte> in) {
  return write(address, in);
}

}  // namespace faultline::bench
