// SPDX-License-Identifier: MIT
// The replayed fault, step by step.
#include "tests/wave/scene.hpp"

#include <stdexcept>
#include <utility>

namespace faultline::tests {

namespace {

constexpr uint64_t kVa = 0x7f12'3456'7000;
constexpr uint64_t kFrame = 0x4000'0000;
constexpr uint64_t kFaultBuffer = 0x1'0000;
constexpr unsigned kReadLatency = 4;  // as in the device
constexpr unsigned kReplayable = std::to_underlying(regs::FaultBuffer::kReplayable);

void expect(bool met, const char* what) {
  if (!met) throw std::runtime_error(what);
}

}  // namespace

Scene::Scene(const rtl::GmmuBuild& build)
    : gmmu_(build.make(memory_, clock_), listener_),
      tables_(memory_, builder::BumpAllocator(0x20'0000, {regs::PdeAperture::kSysCoherent})),
      block_(memory_, {.address = 0x10'0000, .aperture = mmu::Aperture::kSysCoherent}) {
  block_.set_main(builder::space_of(tables_.root()));
  block_.set_subcontext(0, builder::space_of(tables_.root()));
  gmmu_.clocked().reads().set_latency(kReadLatency);
}

mmu::Request Scene::request(uint16_t tag) const {
  return {.va = kVa,
          .requester = {.instance = block_.pointer(),
                        .engine_id = std::to_underlying(regs::EngineId::kGraphics),
                        .client = std::to_underlying(regs::GpcClient::kT1_0)},
          .tag = tag};
}

void Scene::set_up_fault_buffer() {
  namespace lo = regs::mmu_fault_buffer_lo;
  namespace size = regs::mmu_fault_buffer_size;
  uint32_t word = lo::addr_mode.set(0, regs::FaultBufferAddrMode::kPhysical);
  word = lo::phys_aperture.set(word, regs::PteAperture::kSysCoherent);
  gmmu_.write_register(lo::offset(kReplayable), word | static_cast<uint32_t>(kFaultBuffer));
  gmmu_.write_register(size::offset(kReplayable), size::enable.mask() | 16);
  gmmu_.write_register(regs::niso_intr_en_set::offset(0),
                       regs::niso_intr_en_set::mmu_replayable_fault_notify.mask());
}

/// Its packet has been read.
void Scene::take_packet() {
  gmmu_.write_register(regs::mmu_fault_buffer_get::offset(kReplayable), 1);
}

void Scene::name_page() {
  namespace pdb = regs::mmu_invalidate_pdb;
  gmmu_.write_register(pdb::kOffset,
                       pdb::addr.set(pdb::aperture.set(0, regs::InvalidatePdbAperture::kSysMem),
                                     tables_.root().address >> pdb::kAddrAlignment));
}

void Scene::play() {
  const auto map = [this](uint64_t va) {
    tables_.map(va, builder::Level::kPte4k,
                {.address = kFrame, .aperture = regs::PteAperture::kSysCoherent});
  };
  map(kVa + 0x1000);  // so that the directories are there
  set_up_fault_buffer();
  expect(gmmu_.translate(request(1)).outcome == mmu::Outcome::kParked, "the fault is not parked");
  map(kVa);
  take_packet();
  name_page();
  namespace op = regs::mmu_invalidate;
  gmmu_.write_register(op::kOffset, op::replay.set(op::cache_level.set(op::trigger.mask(),
                                                                       regs::CacheLevel::kPteOnly),
                                                   regs::ReplayOp::kStart));
  expect(listener_.translated == 1, "the replay does not answer");
  expect(gmmu_.translate(request(2)).pa == kFrame, "the page is not hit");
}

}  // namespace faultline::tests
