// SPDX-License-Identifier: MIT
// A memory port for those who know mmu::Memory only.
#pragma once

#include "systemc_models/tlm/memory_port.hpp"

namespace faultline::tlm {

class PortMemory : public mmu::Memory {
 public:
  explicit PortMemory(MemoryPort& port) : port_(port) {}

  bool read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out) override {
    return port_.read(aperture, address, out);
  }
  bool write(mmu::Aperture aperture, uint64_t address, std::span<const std::byte> in) override {
    return port_.write(aperture, address, in);
  }
  std::span<const std::byte> span(mmu::Aperture aperture, uint64_t address, size_t size) override {
    const std::byte* at = port_.direct(aperture, address, size, Intent::kRead);
    return at ? std::span(at, size) : std::span<const std::byte>{};
  }

 private:
  MemoryPort& port_;
};

}  // namespace faultline::tlm
