// SPDX-License-Identifier: MIT
// What a driver does to take faults and to have them replayed.
#include "tests/unit/device/fault_machine.hpp"

namespace faultline::device_test {

namespace {

constexpr auto kReplayable = static_cast<uint32_t>(regs::FaultBuffer::kReplayable);

}  // namespace

FaultMachine::FaultMachine(const std::vector<std::string>& options) : Machine(options) {
  block.set_main(builder::space_of(tables.root()));
  block.set_subcontext(0, builder::space_of(tables.root()));
  set_fault_buffer(kFaultBuffer);
  write(regs::niso_intr_en_set::kOffset, regs::niso_intr::mmu_replayable_fault_notify.mask());
  write(regs::pmc_intr_en_set::offset(0), regs::pmc_intr::hub.mask());
  enable(kChannel, block.pointer());
}

void FaultMachine::set_fault_buffer(uint64_t address) {
  namespace size = regs::mmu_fault_buffer_size;
  namespace lo = regs::mmu_fault_buffer_lo;
  write(size::offset(kReplayable), 0);
  uint32_t word = static_cast<uint32_t>(address);
  word = lo::addr_mode.set(word, regs::FaultBufferAddrMode::kPhysical);
  word = lo::phys_aperture.set(word, regs::PteAperture::kSysCoherent);
  write(lo::offset(kReplayable), word);
  write(regs::mmu_fault_buffer_hi::offset(kReplayable), static_cast<uint32_t>(address >> 32));
  write(size::offset(kReplayable), size::enable.set(size::val.set(0, kPackets), 1u));
}

void FaultMachine::map(uint64_t page) {
  tables.map(kVa + page * kPage, builder::Level::kPte4k,
             {.address = kData + page * kPage, .aperture = regs::PteAperture::kSysCoherent});
}

uint32_t FaultMachine::packets_written() {
  namespace put = regs::mmu_fault_buffer_put;
  return put::ptr.get(read(put::offset(kReplayable)));
}

Packet FaultMachine::packet(uint32_t index) {
  return ram.at<Packet>(kFaultBuffer + index * sizeof(Packet), 1)[0];
}

void FaultMachine::invalidate(regs::ReplayOp op) {
  namespace r = regs::mmu_invalidate;
  uint32_t word = r::all_va.mask() | r::all_pdb.mask();
  word = r::replay.set(word, op);
  write(r::kOffset, r::trigger.set(word, 1u));
}

regs::CompletionStatus status_of(const CompletionWords& completion) {
  return regs::completion::status.decode(std::span<const uint64_t>(completion));
}

}  // namespace faultline::device_test
