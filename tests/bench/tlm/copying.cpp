// SPDX-License-Identifier: MIT
// Bandwidth of a physical copy, and of memcpy.
#include "tests/bench/tlm/copying.hpp"

#include <chrono>
#include <cstring>

#include "systemc_models/tlm/mmu.hpp"

namespace faultline::bench {

namespace {

constexpr uint64_t kMiB = 1 << 20;
constexpr uint64_t kCopyBytes = 64 * kMiB;
constexpr uint64_t kVramBytes = 128 * kMiB;
constexpr uint64_t kRing = 0;
constexpr uint64_t kCompletions = 4096;
constexpr uint64_t kSource = 2 * kMiB;
constexpr unsigned kChannel = tlm::StreamEngine::kChannels;  // the first of the copy channels
constexpr std::chrono::microseconds kQuantum{100};           // as in the device program
constexpr auto kPattern = std::byte{0x5a};

}  // namespace

Copying::Copying()
    : ram_(kSource + kCopyBytes),
      device_("device", {.vram_bytes = kVramBytes}, ram_, messages_, tlm::Mmu::make) {
  // Also has the host give the pages, of which a fresh file has none.
  const auto source = ram_.span(kSource, kCopyBytes, tlm::Intent::kWrite);
  std::memset(source.data(), std::to_integer<int>(kPattern), source.size());
  std::memset(device_.vram().memory().data(), 0, kCopyBytes);
}

void Copying::copy_engine(benchmark::State& state) {
  write_job();
  namespace ctrl = regs::chan_ctrl;
  write(ctrl::offset(kChannel), 0);
  write(regs::chan_ring_lo::offset(kChannel), kRing);
  write(regs::chan_completion_lo::offset(kChannel), kCompletions);
  write(regs::chan_ring_size::offset(kChannel), 1);
  write(ctrl::offset(kChannel), ctrl::enable.mask());
  const std::span<std::byte> vram = device_.vram().memory().first(kCopyBytes);
  vram.back() = std::byte{0};
  uint32_t queued = 0;
  for (auto _ : state) {
    write(regs::chan_doorbell::offset(kChannel), ++queued);
    while (device_.is_busy()) device_.run(kQuantum);
  }
  if (vram.back() != kPattern) state.SkipWithError("the copy engine has not copied");
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(kCopyBytes));
}

void Copying::memcpy(benchmark::State& state) {
  const auto source = ram_.span(kSource, kCopyBytes, tlm::Intent::kRead);
  const std::span<std::byte> vram = device_.vram().memory();
  for (auto _ : state) {
    std::memcpy(vram.data(), source.data(), source.size());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(kCopyBytes));
}

void Copying::write(uint32_t offset, uint32_t value) {
  device_.bar0_write(offset, std::as_bytes(std::span(&value, 1)));
}

/// The same one in each of the ring's two entries.
void Copying::write_job() {
  namespace f = regs::job;
  std::array<uint64_t, f::kWords> job{};
  const std::span<uint64_t> record(job);
  f::opcode.set(record, regs::Opcode::kCopy);
  f::data_size.set(record, 3u);
  f::src_mode.set(record, regs::AddressMode::kSystem);
  f::dst_mode.set(record, regs::AddressMode::kVidmem);
  f::src.set(record, kSource);
  f::count.set(record, kCopyBytes / sizeof(uint64_t));
  for (const uint64_t entry : {0, 1})
    ram_.write(kRing + entry * sizeof job, std::as_bytes(std::span(job)));
}

}  // namespace faultline::bench
