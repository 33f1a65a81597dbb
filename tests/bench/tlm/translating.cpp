// SPDX-License-Identifier: MIT
// Translations a second through the MMU's sockets.
#include "tests/bench/tlm/translating.hpp"

#include <utility>

namespace faultline::bench {

namespace {

constexpr uint64_t kPage = 4096;
constexpr uint64_t kMiB = 1 << 20;
constexpr uint64_t kVa = 0x7f0000000000;
constexpr uint64_t kInstance = 1 * kMiB;
constexpr uint64_t kTables = 2 * kMiB;
constexpr uint64_t kData = 16 * kMiB;
constexpr uint64_t kRamBytes = 32 * kMiB;
constexpr uint64_t kVramBytes = 1 * kMiB;
constexpr uint64_t kFewPages = 16;
constexpr uint64_t kManyPages = 2048;
constexpr uint64_t kWalkEntries = 5;

}  // namespace

Translating::Translating(sc_core::sc_module_name name)
    : sc_module(name),
      ram_(kRamBytes),
      trace_(clock_, ""),
      vram_("vram", kVramBytes),
      host_bridge_("host_bridge", ram_),
      interconnect_("interconnect"),
      interrupt_("interrupt"),
      mmu_("mmu", mmu::Config{}, environment_, clock_),
      clients_("clients", mmu_.translation.size()),
      registers_("registers"),
      tables_(ram_, builder::BumpAllocator(kTables, {regs::PdeAperture::kSysCoherent})),
      block_(ram_, {.address = kInstance, .aperture = mmu::Aperture::kSysCoherent}) {
  interconnect_.vidmem.bind(vram_.socket);
  interconnect_.system.bind(host_bridge_.socket);
  mmu_.memory.bind(interconnect_.initiators);
  tlm::MmuPorts& ports = mmu_;
  ports.interrupt.bind(interrupt_);
  registers_.bind(mmu_.registers);
  for (size_t i = 0; i < clients_.size(); ++i) clients_[i].bind(mmu_.translation[i]);
  block_.set_main(builder::space_of(tables_.root()));
  block_.set_subcontext(0, builder::space_of(tables_.root()));
  for (uint64_t page = 0; page < kManyPages; ++page)
    tables_.map(kVa + page * kPage, builder::Level::kPte4k,
                {.address = kData + page * kPage, .aperture = regs::PteAperture::kSysCoherent});
}

void Translating::hit(benchmark::State& state) { translate(state, kFewPages); }

void Translating::miss(benchmark::State& state) {
  namespace ctrl = regs::mmu_ctrl;
  write_register(ctrl::kOffset, ctrl::pde_cache_mode.set(ctrl::kReset, regs::CacheMode::kOff));
  const mmu::Statistics before = mmu_.statistics();
  translate(state, kManyPages);
  const mmu::Statistics after = mmu_.statistics();
  if (after.entries_read - before.entries_read < kWalkEntries * state.iterations())
    state.SkipWithError("not every translation walked all levels");
  write_register(ctrl::kOffset, ctrl::kReset);
}

void Translating::translate(benchmark::State& state, uint64_t pages) {
  mmu::Request request{.requester = {.instance = block_.pointer(),
                                     .engine_id = std::to_underlying(regs::EngineId::kGraphics),
                                     .client = std::to_underlying(regs::GpcClient::kT1_0)}};
  uint64_t page = 0;
  uint64_t translated = 0;
  sc_core::sc_time delay;
  for (auto _ : state) {
    request.va = kVa + page * kPage;
    page = page + 1 < pages ? page + 1 : 0;
    const mmu::Answer answer = clients_[0].translate(request, delay);
    translated += answer.pa == request.va - kVa + kData;
  }
  if (translated != static_cast<uint64_t>(state.iterations()))
    state.SkipWithError("not every page was translated");
  state.SetItemsProcessed(state.iterations());
}

void Translating::write_register(uint32_t offset, uint32_t value) {
  ::tlm::tlm_generic_payload payload;
  payload.set_write();
  payload.set_address(offset);
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
  payload.set_data_length(sizeof value);
  sc_core::sc_time delay;
  registers_->b_transport(payload, delay);
}

}  // namespace faultline::bench
