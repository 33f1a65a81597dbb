// SPDX-License-Identifier: MIT
// Its tables.
#include "tests/bench/rtl/mapped_gmmu.hpp"

#include <utility>

namespace faultline::bench {

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kFrames = 0x4000'0000;

}  // namespace

MappedGmmu::MappedGmmu(const rtl::GmmuBuild& build)
    : tables_(memory_, builder::BumpAllocator(0x200'0000, {regs::PdeAperture::kVidmem})),
      block_(memory_, {.address = 0x10'0000, .aperture = mmu::Aperture::kVidmem}),
      gmmu_(build.make(memory_, clock_)) {
  block_.set_main(builder::space_of(tables_.root()));
  block_.set_subcontext(0, builder::space_of(tables_.root()));
  for (uint64_t page = 0; page < kPages; ++page)
    tables_.map(kVa + page * kPage, builder::Level::kPte4k, {.address = kFrames + page * kPage});
  gmmu_->reads().set_latency(kReadLatency);
}

void MappedGmmu::ask(unsigned port, uint64_t page, uint64_t tag) {
  const mmu::Request request{
      .va = kVa + page * kPage,
      .requester = {.instance = block_.pointer(),
                    .engine_id = std::to_underlying(regs::EngineId::kGraphics),
                    .client = std::to_underlying(regs::GpcClient::kT1_0),
                    .gpc = static_cast<uint8_t>(port / gmmu_->sizes().utlbs_per_gpc)},
      .tag = tag};
  gmmu_->request(port, request);
}

}  // namespace faultline::bench
