// SPDX-License-Identifier: MIT
// An MMU on a bench.
#include "tests/unit/mmu/bench.hpp"

#include <stdexcept>

namespace faultline::mmu::test {

using regs::PdeAperture;

const Answer& Recorder::answer_to(uint64_t tag) const {
  const Answer* found = nullptr;
  for (const Answered& answered : answers) {
    if (answered.tag != tag) continue;
    if (found) throw std::logic_error("answered twice");
    found = &answered.answer;
  }
  if (!found) throw std::logic_error("not answered");
  return *found;
}

Bench::Bench(const Config& config)
    : gmmu(config, memory, said, clock),
      tables(memory,
             builder::BumpAllocator(0x1000'0000, {PdeAperture::kVidmem, PdeAperture::kSysCoherent,
                                                  PdeAperture::kSysNonCoherent})),
      instance(memory, {.address = kInstance, .aperture = Aperture::kVidmem}) {
  instance.set_main(builder::space_of(tables.root()));
  instance.set_subcontext(0, builder::space_of(tables.root()));
  enable_buffer(regs::FaultBuffer::kNonReplayable);
  enable_buffer(regs::FaultBuffer::kReplayable);
  set(regs::mmu_page_fault_ctrl::kOffset, 0);
}

Requester Bench::stream() const {
  return {.instance = instance.pointer(),
          .engine_id = static_cast<uint16_t>(regs::EngineId::kGraphics),
          .client_type = ClientType::kGpc,
          .client = static_cast<uint8_t>(regs::GpcClient::kT1_0),
          .gpc = 1,
          .privileged = false};
}

Requester Bench::copy() const {
  return {.instance = instance.pointer(),
          .engine_id = static_cast<uint16_t>(regs::EngineId::kCe0),
          .client_type = ClientType::kHub,
          .client = static_cast<uint8_t>(regs::HubClient::kCe0),
          .gpc = 0,
          .privileged = false};
}

Request Bench::request(uint64_t va, Access access) const {
  return request_by(stream(), va, access);
}

Request Bench::request_by(const Requester& who, uint64_t va, Access access) const {
  return {.va = va, .access = access, .requester = who, .tag = va};
}

void Bench::park(uint64_t va, uint64_t tag, Access access) {
  Request wanted = request(va, access);
  wanted.tag = tag;
  if (gmmu.translate(wanted).outcome != Outcome::kParked) throw std::logic_error("did not park");
}

void Bench::enable_buffer(regs::FaultBuffer which, uint32_t entries) {
  const auto i = static_cast<uint32_t>(which);
  namespace lo = regs::mmu_fault_buffer_lo;
  namespace size = regs::mmu_fault_buffer_size;
  uint32_t word = lo::addr_mode.set(0, regs::FaultBufferAddrMode::kPhysical);
  word = lo::phys_aperture.set(word, regs::PteAperture::kSysCoherent);
  set(lo::offset(i), word | static_cast<uint32_t>(kBufferBase[i]));
  set(regs::mmu_fault_buffer_hi::offset(i), static_cast<uint32_t>(kBufferBase[i] >> 32));
  set(size::offset(i), size::enable.mask() | size::overflow_intr.mask() | entries);
}

Words Bench::packet_at(regs::FaultBuffer which, uint32_t index) {
  Words words;
  const uint64_t base = kBufferBase[static_cast<uint32_t>(which)];
  memory.read(Aperture::kSysCoherent, base + index * regs::fault_packet::kBytes,
              std::as_writable_bytes(std::span(words)));
  return words;
}

std::vector<Words> Bench::packets(regs::FaultBuffer which) {
  const auto i = static_cast<uint32_t>(which);
  const uint32_t put =
      regs::mmu_fault_buffer_put::ptr.get(get(regs::mmu_fault_buffer_put::offset(i)));
  const uint32_t entries =
      regs::mmu_fault_buffer_size::val.get(get(regs::mmu_fault_buffer_size::offset(i)));
  std::vector<Words> found;
  uint32_t at = regs::mmu_fault_buffer_get::ptr.get(get(regs::mmu_fault_buffer_get::offset(i)));
  for (; at != put; at = (at + 1) % entries) found.push_back(packet_at(which, at));
  return found;
}

void Bench::invalidate(uint32_t operation) {
  set(regs::mmu_invalidate::kOffset, operation | regs::mmu_invalidate::trigger.mask());
}

void Bench::select(const builder::TablePointer& root, uint64_t va) {
  namespace pdb = regs::mmu_invalidate_pdb;
  namespace vaddr = regs::mmu_invalidate_vaddr;
  const uint64_t pdb_page = root.address >> 12;
  const uint64_t va_page = va >> 12;
  const auto where = root.aperture == PdeAperture::kVidmem ? regs::InvalidatePdbAperture::kVidMem
                                                           : regs::InvalidatePdbAperture::kSysMem;
  set(pdb::kOffset, pdb::addr.set(pdb::aperture.set(0, where), pdb_page));
  set(regs::mmu_invalidate_upper_pdb::kOffset, static_cast<uint32_t>(pdb_page >> 28));
  set(vaddr::kOffset, vaddr::bits.set(0, va_page));
  set(regs::mmu_invalidate_upper_vaddr::kOffset, static_cast<uint32_t>(va_page >> 28));
}

void Bench::replay(regs::ReplayOp op) {
  namespace op_word = regs::mmu_invalidate;
  select(tables.root(), 0);
  invalidate(op_word::replay.set(op_word::cache_level.set(0, regs::CacheLevel::kPteOnly), op));
}

void Bench::invalidate_everything() {
  invalidate(regs::mmu_invalidate::all_va.mask() | regs::mmu_invalidate::all_pdb.mask());
}

}  // namespace faultline::mmu::test
