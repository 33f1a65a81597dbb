// SPDX-License-Identifier: MIT
// The GV100 snapshot registers.
#include "systemc_models/mmu/gv100_snapshot.hpp"

#include "systemc_models/mmu/gv100_fault_buffer.hpp"

namespace faultline::mmu {

namespace {

/// Accesses of this model are virtual, except those of the engine PHYSICAL.
uint32_t dropped_bit(uint16_t engine_id) {
  using namespace regs::mmu_fault_status;
  switch (static_cast<regs::EngineId>(engine_id)) {
    case regs::EngineId::kBar1:
      return dropped_bar1_virt.mask();
    case regs::EngineId::kBar2:
      return dropped_bar2_virt.mask();
    case regs::EngineId::kIfb:
      return dropped_ifb_virt.mask();
    case regs::EngineId::kPhysical:
      return dropped_other_phys.mask();
    default:
      return dropped_other_virt.mask();
  }
}

}  // namespace

Snapshot::Latched Snapshot::latch(const FaultRecord& record) {
  const Requester& requester = record.requester;
  if (valid()) {
    status_ |= dropped_bit(requester.engine_id);
    return Latched::kNo;
  }
  const auto low = [](uint64_t value) { return static_cast<uint32_t>(value); };
  const auto high = [](uint64_t value) { return static_cast<uint32_t>(value >> 32); };
  namespace addr = regs::mmu_fault_addr_lo;
  namespace inst = regs::mmu_fault_inst_lo;
  addr_lo_ = addr::addr.set(0, low(record.va) >> addr::addr.kLo);
  addr_hi_ = high(record.va);
  inst_lo_ = inst::engine_id.set(0, requester.engine_id);
  inst_lo_ = inst::aperture.set(inst_lo_, static_cast<uint32_t>(requester.instance.aperture));
  inst_lo_ = inst::addr.set(inst_lo_, low(requester.instance.address) >> inst::addr.kLo);
  inst_hi_ = high(requester.instance.address);
  info_ = gv100_fault_info(record);
  status_ |= regs::mmu_fault_status::valid.mask();
  return Latched::kYes;
}

}  // namespace faultline::mmu
