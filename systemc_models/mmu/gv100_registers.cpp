// SPDX-License-Identifier: MIT
// The registers of the GV100 front end, and its part of the interrupt tree (pri_mmu_hub).
#include "systemc_models/mmu/gv100_registers.hpp"

namespace faultline::mmu {

using BufferId = regs::FaultBuffer;

uint32_t Gv100Registers::read(uint32_t offset, bool packet_on_its_way) const {
  for (uint32_t i = 0; i < buffers_.size(); ++i) {
    if (offset == regs::mmu_fault_buffer_lo::offset(i)) return buffers_[i].lo();
    if (offset == regs::mmu_fault_buffer_hi::offset(i)) return buffers_[i].hi();
    if (offset == regs::mmu_fault_buffer_get::offset(i)) return buffers_[i].get();
    if (offset == regs::mmu_fault_buffer_put::offset(i)) return buffers_[i].put();
    if (offset == regs::mmu_fault_buffer_size::offset(i)) return buffers_[i].size();
  }
  switch (offset) {
    case regs::mmu_fault_addr_lo::kOffset:
      return snapshot_.addr_lo();
    case regs::mmu_fault_addr_hi::kOffset:
      return snapshot_.addr_hi();
    case regs::mmu_fault_inst_lo::kOffset:
      return snapshot_.inst_lo();
    case regs::mmu_fault_inst_hi::kOffset:
      return snapshot_.inst_hi();
    case regs::mmu_fault_info::kOffset:
      return snapshot_.info();
    case regs::mmu_fault_status::kOffset:
      return fault_status(packet_on_its_way);
    case regs::niso_intr::kOffset:
      return niso_pending();
    case regs::niso_intr_en::kOffset:
      return interrupts_enabled_;
    default:
      return registers_.read(offset);
  }
}

Gv100Registers::Written Gv100Registers::write(uint32_t offset, uint32_t value) {
  registers_.write(offset, value);
  const uint32_t stored = registers_.read(offset);
  for (uint32_t i = 0; i < buffers_.size(); ++i) {
    if (offset == regs::mmu_fault_buffer_lo::offset(i)) buffers_[i].write_lo(stored);
    if (offset == regs::mmu_fault_buffer_hi::offset(i)) buffers_[i].write_hi(stored);
    if (offset == regs::mmu_fault_buffer_get::offset(i)) buffers_[i].write_get(value);
    if (offset == regs::mmu_fault_buffer_size::offset(i)) buffers_[i].write_size(stored);
  }
  Written written;
  switch (offset) {
    case regs::mmu_fault_status::kOffset:
      snapshot_.write_status(value);
      break;
    case regs::niso_intr_en_set::kOffset:
      written.enabled_again = value & kNisoSources;
      interrupts_enabled_ |= written.enabled_again;
      break;
    case regs::niso_intr_en_clr::kOffset:
      interrupts_enabled_ &= ~value;
      break;
    case regs::mmu_ctrl::kOffset:
      written.effect = Effect::kModes;
      break;
    case regs::bar1_block::kOffset:
    case regs::bar2_block::kOffset:
      written.effect = Effect::kBindings;
      break;
    case regs::mmu_bind::kOffset:
      if (regs::mmu_bind::trigger.get(value)) written.effect = Effect::kBindings;
      break;
    case regs::mmu_invalidate::kOffset:
      if (regs::mmu_invalidate::trigger.get(value)) written.effect = Effect::kInvalidate;
      break;
    default:
      break;
  }
  return written;
}

Modes Gv100Registers::modes() const {
  namespace ctrl = regs::mmu_ctrl;
  const uint32_t word = registers_.read(ctrl::kOffset);
  return {.mmu_disable = ctrl::mmu_disable.get(word) != 0,
          .untranslated_aperture = static_cast<Aperture>(ctrl::mmu_aperture.get(word)),
          .untranslated_vol = ctrl::mmu_vol.get(word) != 0,
          .strong_atomics = ctrl::strong_bit_override_atomic_disable.get(word)
                                ? StrongAtomics::kOverride
                                : StrongAtomics::kChecked,
          .keeps_pages = ctrl::cache_mode.decode(word) != regs::CacheMode::kOff,
          .keeps_directories = ctrl::pde_cache_mode.decode(word) != regs::CacheMode::kOff};
}

Invalidate Gv100Registers::invalidate_operation(uint32_t word) const {
  namespace op = regs::mmu_invalidate;
  namespace vaddr = regs::mmu_invalidate_vaddr;
  namespace pdb = regs::mmu_invalidate_pdb;
  const uint32_t pdb_word = registers_.read(pdb::kOffset);
  const uint64_t va_page = vaddr::bits.get(registers_.read(vaddr::kOffset)) |
                           uint64_t{registers_.read(regs::mmu_invalidate_upper_vaddr::kOffset)}
                               << vaddr::bits.kWidth;
  const uint64_t pdb_page =
      pdb::addr.get(pdb_word) | uint64_t{registers_.read(regs::mmu_invalidate_upper_pdb::kOffset)}
                                    << pdb::addr.kWidth;

  Invalidate operation;
  operation.all_va = op::all_va.get(word) != 0;
  operation.all_pdb = op::all_pdb.get(word) != 0;
  operation.scope = op::hubtlb_only.get(word) ? TlbScope::kHubOnly : TlbScope::kAll;
  operation.va = va_page << vaddr::kBitsAlignment;
  if (op::use_size.get(word))
    operation.size_shift += registers_.read(regs::mmu_invalidate_size::kOffset);
  operation.pdb = pdb_page << pdb::kAddrAlignment;
  operation.pdb_in_sysmem = pdb::aperture.decode(pdb_word) == regs::InvalidatePdbAperture::kSysMem;
  operation.replay = op::replay.decode(word);
  // CANCEL_VA_GLOBAL has no level: the bits are its class of access.
  if (operation.replay == regs::ReplayOp::kCancelVaGlobal)
    operation.cancel_access = op::cancel_access.decode(word);
  else
    operation.level = op::cache_level.decode(word);
  operation.cancel_target.client_type = static_cast<ClientType>(op::cancel_client_type.get(word));
  operation.cancel_target.client = static_cast<uint8_t>(op::cancel_client_id.get(word));
  operation.cancel_target.gpc = static_cast<uint8_t>(op::cancel_gpc_id.get(word));
  return operation;
}

uint32_t Gv100Registers::bar_block(Bar bar) const {
  return registers_.read(bar == Bar::k1 ? regs::bar1_block::kOffset : regs::bar2_block::kOffset);
}

regs::BarMode Gv100Registers::bar_mode(Bar bar) const {
  return regs::bar1_block::mode.decode(bar_block(bar));
}

regs::PrfFilter Gv100Registers::prefetch_filter() const {
  namespace ctrl = regs::mmu_page_fault_ctrl;
  return ctrl::prf_filter.decode(registers_.read(ctrl::kOffset));
}

Request Gv100Registers::bar_request(Bar bar, uint64_t offset, Access access) const {
  namespace block = regs::bar1_block;  // BAR2_BLOCK has the same layout
  const uint32_t word = bar_block(bar);
  const auto engine = bar == Bar::k1 ? regs::EngineId::kBar1 : regs::EngineId::kBar2;
  return {.va = offset,
          .access = access,
          .requester = {.instance = {.address = uint64_t{block::ptr.get(word)} << block::kPtrShift,
                                     .aperture = static_cast<Aperture>(block::target.get(word))},
                        .engine_id = static_cast<uint16_t>(engine),
                        .client_type = ClientType::kHub,
                        .client = static_cast<uint8_t>(regs::HubClient::kHostCpu),
                        .gpc = 0,
                        .privileged = true}};
}

bool Gv100Registers::is_buffered(const FaultRecord& record, regs::FaultBuffer to) const {
  using enum regs::EngineId;
  const auto engine = static_cast<regs::EngineId>(record.requester.engine_id);
  const bool never = engine == kBar1 || engine == kBar2 || engine == kPhysical ||
                     record.type == regs::FaultType::kUnboundInstBlock;
  return !never && buffer(to).enabled();
}

uint32_t Gv100Registers::fault_status(bool packet_on_its_way) const {
  using namespace regs::mmu_fault_status;
  const FaultBuffer& replays = buffer(BufferId::kReplayable);
  const FaultBuffer& others = buffer(BufferId::kNonReplayable);
  uint32_t word = snapshot_.status();
  word = replayable.set(word, replays.pending());
  word = non_replayable.set(word, others.pending());
  word = replayable_error.set(word, replays.error());
  word = non_replayable_error.set(word, others.error());
  word = replayable_overflow.set(word, replays.overflow());
  word = non_replayable_overflow.set(word, others.overflow());
  word = replayable_getptr_corrupted.set(word, replays.getptr_corrupted());
  word = non_replayable_getptr_corrupted.set(word, others.getptr_corrupted());
  return busy.set(word, packet_on_its_way);
}

// The non-replayable buffer's notify is withheld while its overflow interrupts.
uint32_t Gv100Registers::niso_pending() const {
  using namespace regs::niso_intr;
  const FaultBuffer& replays = buffer(BufferId::kReplayable);
  const FaultBuffer& others = buffer(BufferId::kNonReplayable);
  uint32_t word = mmu_replayable_fault_notify.set(0, replays.pending());
  word = mmu_replayable_fault_overflow.set(word, replays.overflow_interrupt());
  word = mmu_nonreplayable_fault_notify.set(word, others.pending() && !others.overflow_interrupt());
  word = mmu_nonreplayable_fault_overflow.set(word, others.overflow_interrupt());
  return mmu_other_fault_notify.set(word, snapshot_.valid());
}

}  // namespace faultline::mmu
