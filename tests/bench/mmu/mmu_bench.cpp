// SPDX-License-Identifier: MIT
// faultline-bench-mmu: translations a second of the MMU as a plain class, and whole faults.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "systemc_models/mmu/gmmu_model.hpp"
#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"

namespace {

using namespace faultline;
using benchmark::State;

constexpr uint64_t kMiB = 1 << 20;
constexpr uint64_t kPage = 4096;
constexpr uint64_t kVa = 0x7f0000000000;
constexpr uint64_t kInstance = 1 * kMiB;
constexpr uint64_t kFaultBuffer = 1 * kMiB + 64 * 1024;
constexpr uint64_t kTables = 2 * kMiB;
constexpr uint64_t kMemoryBytes = 4 * kMiB;
constexpr uint64_t kFrames = 16 * kMiB;  // translated to, never touched
constexpr uint64_t kWalkEntries = 5;
constexpr uint64_t kPagesOfUtlb = 16;
constexpr uint64_t kPagesOfL2 = 256;
constexpr uint64_t kPagesOfNone = 2048;
constexpr uint32_t kFaultBufferEntries = 64;
constexpr unsigned kReplayable = std::to_underlying(regs::FaultBuffer::kReplayable);

/// System memory as the device sees the guest's: one mapping.
class FlatMemory : public mmu::Memory {
 public:
  bool read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out) override {
    const auto in = span(aperture, address, out.size());
    if (in.empty()) return false;
    std::ranges::copy(in, out.begin());
    return true;
  }
  bool write(mmu::Aperture aperture, uint64_t address, std::span<const std::byte> in) override {
    if (span(aperture, address, in.size()).empty()) return false;
    std::ranges::copy(in, bytes_.begin() + static_cast<ptrdiff_t>(address));
    return true;
  }
  std::span<const std::byte> span(mmu::Aperture aperture, uint64_t address, size_t size) override {
    if (aperture != mmu::Aperture::kSysCoherent || address > bytes_.size() - size) return {};
    return std::span(bytes_).subspan(address, size);
  }

 private:
  std::vector<std::byte> bytes_ = std::vector<std::byte>(kMemoryBytes);
};

class Listener : public mmu::Listener {
 public:
  void answered(uint64_t, const mmu::Answer& answer) override {
    translated += answer.outcome == mmu::Outcome::kTranslated;
  }
  void space(uint8_t, uint8_t) override {}
  void interrupt(uint32_t, uint32_t) override {}

  uint64_t translated = 0;
};

class Clock : public mmu::Clock {
 public:
  uint64_t now_ns() override { return ++now_; }

 private:
  uint64_t now_ = 0;
};

class Machine {
 public:
  explicit Machine(const mmu::Config& config = {})
      : gmmu(config, memory_, listener, clock_),
        tables(memory_, builder::BumpAllocator(kTables, {regs::PdeAperture::kSysCoherent})),
        block_(memory_, {.address = kInstance, .aperture = mmu::Aperture::kSysCoherent}) {
    block_.set_main(builder::space_of(tables.root()));
    block_.set_subcontext(0, builder::space_of(tables.root()));
    for (uint64_t page = 0; page < kPagesOfNone; ++page) map(page);
  }

  void map(uint64_t page) {
    tables.map(kVa + page * kPage, builder::Level::kPte4k,
               {.address = kFrames + page * kPage, .aperture = regs::PteAperture::kSysCoherent});
  }
  mmu::Request request() const {
    return {.va = kVa,
            .requester = {.instance = block_.pointer(),
                          .engine_id = std::to_underlying(regs::EngineId::kGraphics),
                          .client = std::to_underlying(regs::GpcClient::kT1_0)}};
  }
  void set(uint32_t offset, uint32_t value) { gmmu.write_register(offset, value); }

 private:
  FlatMemory memory_;
  Clock clock_;

 public:
  Listener listener;
  mmu::Gmmu gmmu;
  builder::PageTables tables;

 private:
  builder::InstanceBlock block_;
};

/// Reads of so many pages, one after the other, over and over.
void translate(State& state, Machine& machine, uint64_t pages) {
  mmu::Request request = machine.request();
  uint64_t page = 0;
  uint64_t translated = 0;
  for (auto _ : state) {
    request.va = kVa + page * kPage;
    page = page + 1 < pages ? page + 1 : 0;
    const mmu::Answer answer = machine.gmmu.translate(request);
    translated += answer.pa == request.va - kVa + kFrames;
  }
  if (translated != static_cast<uint64_t>(state.iterations()))
    state.SkipWithError("not every page was translated");
  state.SetItemsProcessed(state.iterations());
}

void utlb_hit(State& state) {
  Machine machine;
  translate(state, machine, kPagesOfUtlb);
  if (machine.gmmu.statistics().walks > kPagesOfUtlb) state.SkipWithError("not all were hits");
}
BENCHMARK(utlb_hit);

void l2_hit(State& state) {
  Machine machine;
  translate(state, machine, kPagesOfL2);
  if (machine.gmmu.statistics().walks > kPagesOfL2) state.SkipWithError("not all were in the L2");
}
BENCHMARK(l2_hit);

void five_level_miss(State& state) {
  Machine machine;
  namespace ctrl = regs::mmu_ctrl;
  machine.set(ctrl::kOffset, ctrl::pde_cache_mode.set(ctrl::kReset, regs::CacheMode::kOff));
  translate(state, machine, kPagesOfNone);
  if (machine.gmmu.statistics().entries_read <
      kWalkEntries * static_cast<uint64_t>(state.iterations()))
    state.SkipWithError("not every translation walked all levels");
}
BENCHMARK(five_level_miss);

/// A walk that finds its directories in the PDE cache.
void one_level_miss(State& state) {
  Machine machine;
  translate(state, machine, kPagesOfNone);
}
BENCHMARK(one_level_miss);

/// A page goes, a read of it faults, its packet is taken, the page comes back, a replay answers.
void fault_and_replay(State& state) {
  Machine machine;
  namespace lo = regs::mmu_fault_buffer_lo;
  namespace size = regs::mmu_fault_buffer_size;
  uint32_t word = lo::addr_mode.set(0, regs::FaultBufferAddrMode::kPhysical);
  word = lo::phys_aperture.set(word, regs::PteAperture::kSysCoherent);
  machine.set(lo::offset(kReplayable), word | static_cast<uint32_t>(kFaultBuffer));
  machine.set(size::offset(kReplayable), size::enable.mask() | kFaultBufferEntries);
  machine.set(regs::mmu_invalidate_pdb::kOffset,
              regs::mmu_invalidate_pdb::addr.set(
                  regs::mmu_invalidate_pdb::aperture.set(0, regs::InvalidatePdbAperture::kSysMem),
                  machine.tables.root().address >> regs::mmu_invalidate_pdb::kAddrAlignment));
  namespace vaddr = regs::mmu_invalidate_vaddr;
  machine.set(vaddr::kOffset, vaddr::bits.set(0, kVa >> vaddr::kBitsAlignment));
  machine.set(regs::mmu_invalidate_upper_vaddr::kOffset,
              static_cast<uint32_t>(kVa >> vaddr::kBitsAlignment >> vaddr::bits.kWidth));

  namespace op = regs::mmu_invalidate;
  const uint32_t invalidate = op::cache_level.set(op::trigger.mask(), regs::CacheLevel::kPteOnly);
  const uint32_t replay = op::replay.set(invalidate, regs::ReplayOp::kStart);
  mmu::Request request = machine.request();
  uint32_t get = 0;
  for (auto _ : state) {
    machine.tables.write(kVa, builder::Level::kPte4k, 0);
    machine.set(op::kOffset, invalidate);
    ++request.tag;
    benchmark::DoNotOptimize(machine.gmmu.translate(request));
    get = (get + 1) % kFaultBufferEntries;
    machine.set(regs::mmu_fault_buffer_get::offset(kReplayable), get);
    machine.map(0);
    machine.set(op::kOffset, replay);
  }
  if (machine.listener.translated != static_cast<uint64_t>(state.iterations()))
    state.SkipWithError("not every fault was replayed");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(fault_and_replay);

}  // namespace

BENCHMARK_MAIN();
