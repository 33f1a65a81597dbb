// SPDX-License-Identifier: MIT
// Cycles a second of the RTL while streams keep it busy.
#include "tests/bench/rtl/streaming.hpp"

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "systemc_models/rtl_shell/device_gmmu.hpp"

namespace faultline::bench {

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kMiB = 1 << 20;
constexpr uint64_t kRings = 0;
constexpr uint64_t kRingBytes = 0x2000;  // of a stream: its ring, then its completions
constexpr uint64_t kInstance = 1 * kMiB;
constexpr uint64_t kTables = 2 * kMiB;
constexpr uint64_t kData = 16 * kMiB;
constexpr uint64_t kVa = 0x7f0000000000;
constexpr uint64_t kRamGranule = 2 * kMiB;  // of a guest's memory
constexpr unsigned kStreams = 12;           // two for each uTLB
constexpr uint64_t kSteps = 1000;
constexpr std::chrono::microseconds kQuantum{100};  // as in the device program

constexpr uint64_t ram_bytes(uint64_t data_pages) {
  const uint64_t bytes = kData + data_pages * kPage;
  return (bytes + kRamGranule - 1) / kRamGranule * kRamGranule;
}

}  // namespace

Streaming::Streaming(const char* name, const rtl::GmmuBuild& build, uint64_t pages_of_stream)
    : pages_of_stream_(pages_of_stream),
      ram_(ram_bytes(kStreams * pages_of_stream)),
      device_(
          name, {.mmu = rtl::config_of(build.sizes), .vram_bytes = kMiB}, ram_, messages_,
          [&, this](const mmu::Config&, const tlm::Environment& environment,
                    const tlm::DeviceClock& clock) { return make_mmu(build, environment, clock); }),
      tables_(ram_, builder::BumpAllocator(kTables, {regs::PdeAperture::kSysCoherent})),
      block_(ram_, {.address = kInstance, .aperture = mmu::Aperture::kSysCoherent}) {
  block_.set_main(builder::space_of(tables_.root()));
  block_.set_subcontext(0, builder::space_of(tables_.root()));
  for (uint64_t page = 0; page < kStreams * pages_of_stream; ++page) {
    tables_.map(kVa + page * kPage, builder::Level::kPte4k,
                {.address = kData + page * kPage, .aperture = regs::PteAperture::kSysCoherent});
    const uint64_t first = page - page % pages_of_stream;
    const uint64_t next = kVa + (first + (page + 1) % pages_of_stream) * kPage;
    ram_.write(kData + page * kPage, std::as_bytes(std::span(&next, 1)));
  }
}

std::unique_ptr<tlm::MmuPorts> Streaming::make_mmu(const rtl::GmmuBuild& build,
                                                   const tlm::Environment& environment,
                                                   const tlm::DeviceClock& clock) {
  auto mmu = std::make_unique<rtl::RtlMmu>("mmu", build, environment, clock);
  mmu_ = mmu.get();
  return mmu;
}

void Streaming::cycles(benchmark::State& state) {
  const uint64_t before = mmu_->gmmu().cycle();
  for (auto _ : state) run_once();
  state.SetItemsProcessed(static_cast<int64_t>(mmu_->gmmu().cycle() - before));
}

void Streaming::run_once() {
  if (queued_ == 0) begin();
  ++queued_;
  for (unsigned stream = 0; stream < kStreams; ++stream)
    write(regs::chan_doorbell::offset(stream), queued_);
  while (device_.is_busy()) device_.run(kQuantum);
  if (device_.statistics().jobs != uint64_t{queued_} * kStreams)
    throw std::logic_error("not every job ended");
}

void Streaming::begin() {
  for (unsigned stream = 0; stream < kStreams; ++stream) {
    write_job(stream);
    enable(stream);
  }
}

void Streaming::write(uint32_t offset, uint32_t value) {
  device_.bar0_write(offset, std::as_bytes(std::span(&value, 1)));
}

/// The same one in each of the ring's two entries.
void Streaming::write_job(unsigned stream) {
  namespace f = regs::job;
  std::array<uint64_t, f::kWords> job{};
  const std::span<uint64_t> record(job);
  f::opcode.set(record, regs::Opcode::kPointerWalk);
  f::data_size.set(record, 3u);
  f::src.set(record, kVa + stream * pages_of_stream_ * kPage);
  f::count.set(record, kSteps);
  for (const uint64_t entry : {0, 1})
    ram_.write(kRings + stream * kRingBytes + entry * sizeof job, std::as_bytes(std::span(job)));
}

void Streaming::enable(unsigned stream) {
  namespace ctrl = regs::chan_ctrl;
  write(ctrl::offset(stream), 0);
  write(regs::chan_inst_lo::offset(stream),
        regs::chan_inst_lo::aperture.set(static_cast<uint32_t>(kInstance),
                                         regs::PteAperture::kSysCoherent));
  write(regs::chan_inst_hi::offset(stream), 0);
  write(regs::chan_ring_lo::offset(stream), static_cast<uint32_t>(stream * kRingBytes));
  write(regs::chan_completion_lo::offset(stream),
        static_cast<uint32_t>(stream * kRingBytes + kRingBytes / 2));
  write(regs::chan_ring_size::offset(stream), 1);
  write(ctrl::offset(stream), ctrl::use_inst.set(ctrl::enable.mask(), 1u));
}

}  // namespace faultline::bench
