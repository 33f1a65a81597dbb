// SPDX-License-Identifier: MIT
// The sideband of a physical memory access.
#pragma once

#include <tlm>

#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::tlm {

/// Carried by every transaction between a MemoryPort and a memory, plain or for direct access.
///
/// | member   | type          | written by | default | meaning                                   |
/// |----------|---------------|------------|---------|-------------------------------------------|
/// | aperture | mmu::Aperture | initiator  | vidmem  | which memory the transaction's address is |
/// |          |               |            |         | in; both kinds of system memory are one   |
struct Physical : ::tlm::tlm_extension<Physical> {
  mmu::Aperture aperture = mmu::Aperture::kVidmem;

  ::tlm::tlm_extension_base* clone() const override { return new Physical(*this); }
  void copy_from(const ::tlm::tlm_extension_base& other) override {
    *this = static_cast<const Physical&>(other);
  }
};

}  // namespace faultline::tlm
