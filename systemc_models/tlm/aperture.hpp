// SPDX-License-Identifier: MIT
// The CPU's ways into memory through the BARs: PRAMIN and BAR1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <systemc>

#include "systemc_models/tlm/memory_port.hpp"
#include "systemc_models/tlm/register_block.hpp"
#include "systemc_models/tlm/translation_port.hpp"

namespace faultline::tlm {

/// Accesses outside memory read as all ones and are dropped when written, as on PCI.
class Aperture : public sc_core::sc_module, public RegisterBlock {
 public:
  explicit Aperture(sc_core::sc_module_name name);

  MemoryPort memory;
  TranslationPort translation;

  void reset() { window_ = 0; }

  static bool is_pramin(uint64_t bar0_offset);
  void read_pramin(uint64_t bar0_offset, std::span<std::byte> out);
  void write_pramin(uint64_t bar0_offset, std::span<const std::byte> in);

  /// Through the MMU, which knows whether BAR1_BLOCK makes offsets physical or virtual.
  void read_bar1(uint64_t offset, std::span<std::byte> out);
  void write_bar1(uint64_t offset, std::span<const std::byte> in);

  std::optional<uint32_t> read_register(uint32_t offset) override;
  Taken write_register(uint32_t offset, uint32_t value) override;

 private:
  struct Place {
    mmu::Aperture aperture;
    uint64_t address;
  };
  Place pramin(uint64_t bar0_offset) const;
  mmu::Answer bar1(uint64_t offset, mmu::Access access);

  uint32_t window_ = 0;
};

}  // namespace faultline::tlm
