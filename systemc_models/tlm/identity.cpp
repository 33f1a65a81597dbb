// SPDX-License-Identifier: MIT
// Identity and capability registers, PTIMER.
#include "systemc_models/tlm/identity.hpp"

namespace faultline::tlm {

namespace {

uint32_t encode_topology(const mmu::Config& mmu) {
  namespace r = regs::faultline_topology;
  uint32_t word = 0;
  word = r::gpcs.set(word, mmu.gpcs);
  word = r::utlbs_per_gpc.set(word, mmu.utlbs_per_gpc);
  return r::replay_list_depth.set(word, mmu.replay_list_depth);
}

}  // namespace

Identity::Identity(const mmu::Config& mmu, uint64_t vram_bytes, const DeviceClock& clock)
    : topology_(encode_topology(mmu)),
      vram_mib_(static_cast<uint32_t>(vram_bytes >> 20)),
      clock_(clock) {}

std::optional<uint32_t> Identity::read_register(uint32_t offset) {
  switch (offset) {
    case regs::pmc_boot_0::kOffset:
    case regs::faultline_id::kOffset:
    case regs::faultline_version::kOffset:
    case regs::faultline_channels::kOffset:
      return find_register(offset)->reset;
    case regs::faultline_topology::kOffset:
      return topology_;
    case regs::faultline_vram_size::kOffset:
      return vram_mib_;
    case regs::faultline_unmodelled::kOffset:
      return unmodelled_;
    case regs::ptimer_time_0::kOffset:
      return static_cast<uint32_t>(clock_.now_ns()) & regs::ptimer_time_0::nsec.mask();
    case regs::ptimer_time_1::kOffset:
      return static_cast<uint32_t>(clock_.now_ns() >> 32) & regs::ptimer_time_1::nsec.mask();
    default:
      return {};
  }
}

/// All are read-only: a write is dropped.
RegisterBlock::Taken Identity::write_register(uint32_t offset, uint32_t) {
  return read_register(offset) ? Taken::kYes : Taken::kNo;
}

}  // namespace faultline::tlm
