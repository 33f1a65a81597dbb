// SPDX-License-Identifier: MIT
// Everything that crosses the seam is shown to the sanitizer.
#include "tests/sanitize/watched.hpp"

#include <catch2/catch_test_macros.hpp>

namespace faultline::sanitize::test {

namespace op = regs::mmu_invalidate;

namespace {

// Each look at the clock and each step of a test happens at a time of its own.
constexpr uint64_t kStepNs = 1000;

}  // namespace

Watched::Watched()
    : sanitizer_(bench.memory, bench.clock, mmu::test::kBufferEntries,
                 [this](const Mistake& mistake) { mistakes.push_back(mistake); }) {
  bench.said.on_answer = [this](uint64_t tag) {
    sanitizer_.answered(tag, bench.said.answer_to(tag));
  };
  bench.memory.end_at(mmu::Aperture::kVidmem, uint64_t{1} << 36);
}

mmu::Answer Watched::use(uint64_t va, Access access) {
  pass(kStepNs);
  const mmu::Request request = bench.request(va, access);
  const mmu::Answer answer = bench.gmmu.translate(request);
  sanitizer_.translated(request, answer);
  return answer;
}

void Watched::park(uint64_t va, uint64_t tag) {
  mmu::Request request = bench.request(va);
  request.tag = tag;
  const mmu::Answer answer = bench.gmmu.translate(request);
  REQUIRE(answer.outcome == mmu::Outcome::kParked);
  sanitizer_.translated(request, answer);
}

void Watched::set(uint32_t offset, uint32_t value) {
  pass(kStepNs);
  sanitizer_.register_written(offset, value);
  bench.set(offset, value);
}

void Watched::trigger(uint64_t va, uint32_t order, uint32_t operation) {
  const uint64_t pdb = bench.tables.root().address >> 12;
  const uint64_t page = va >> 12;
  using namespace regs;
  constexpr unsigned kPdbBits = 28;
  constexpr unsigned kVaBits = 28;
  static_assert(mmu_invalidate_pdb::addr.kMax == (1u << kPdbBits) - 1);
  static_assert(mmu_invalidate_vaddr::bits.kMax == (1u << kVaBits) - 1);
  set(mmu_invalidate_pdb::kOffset,
      mmu_invalidate_pdb::addr.set(0, pdb & mmu_invalidate_pdb::addr.kMax));
  set(mmu_invalidate_upper_pdb::kOffset, static_cast<uint32_t>(pdb >> kPdbBits));
  set(mmu_invalidate_vaddr::kOffset,
      mmu_invalidate_vaddr::bits.set(0, page & mmu_invalidate_vaddr::bits.kMax));
  set(mmu_invalidate_upper_vaddr::kOffset, static_cast<uint32_t>(page >> kVaBits));
  set(mmu_invalidate_size::kOffset, order);
  set(op::kOffset, op::trigger.set(op::use_size.set(operation, 1), 1));
}

void Watched::invalidate(uint64_t va, uint32_t order, regs::CacheLevel level) {
  trigger(va, order, op::cache_level.set(0, level));
}

void Watched::invalidate_space() { trigger(0, 0, op::all_va.set(0, 1)); }

void Watched::replay(regs::ReplayOp replay_op) {
  trigger(0, 0, op::cache_level.set(op::replay.set(0, replay_op), regs::CacheLevel::kPteOnly));
}

void Watched::wait() {
  pass(kStepNs);
  const uint32_t ctrl = bench.get(regs::mmu_ctrl::kOffset);
  REQUIRE(regs::mmu_ctrl::pri_fifo_empty.get(ctrl));
  sanitizer_.register_read(regs::mmu_ctrl::kOffset, ctrl);
}

void Watched::withdraw(uint64_t va) {
  zap(va);
  invalidate(va);
  wait();
}

void Watched::note(regs::NoteKind kind, uint64_t address, uint64_t pages) {
  pass(kStepNs);
  sanitizer_.noted(
      {.kind = kind, .address = address, .pages = pages, .pdb = bench.tables.root().address});
}

std::vector<Kind> Watched::kinds() const {
  std::vector<Kind> kinds;
  for (const Mistake& mistake : mistakes) kinds.push_back(mistake.kind);
  return kinds;
}

}  // namespace faultline::sanitize::test
