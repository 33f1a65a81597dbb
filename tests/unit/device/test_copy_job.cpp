// SPDX-License-Identifier: MIT
// Copy jobs through the whole program: memory, interrupt, and registers meanwhile.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <numeric>

#include "tests/unit/device/machine.hpp"

namespace faultline::device_test {
namespace {

constexpr unsigned kChannel = Machine::kCopyChannel;
constexpr uint64_t kSource = 16 << 20;
constexpr uint64_t kTarget = 32 << 20;

JobWords copy_job(regs::AddressMode dst_mode, uint64_t dst, regs::AddressMode src_mode,
                  uint64_t src, uint64_t words) {
  namespace f = regs::job;
  JobWords job{};
  const std::span<uint64_t> record(job);
  f::opcode.set(record, regs::Opcode::kCopy);
  f::data_size.set(record, 3u);
  f::intr.set(record, 1u);
  f::dst_mode.set(record, dst_mode);
  f::src_mode.set(record, src_mode);
  f::job_id.set(record, 77u);
  f::dst.set(record, dst);
  f::src.set(record, src);
  f::count.set(record, words);
  return job;
}

regs::CompletionStatus status_of(const CompletionWords& completion) {
  return regs::completion::status.decode(std::span<const uint64_t>(completion));
}

TEST_CASE_METHOD(Machine, "Data goes to VRAM and back, and the interrupt arrives") {
  using enum regs::AddressMode;
  constexpr size_t kWords = 100'000;
  const auto source = ram.at<uint64_t>(kSource, kWords);
  std::iota(source.begin(), source.end(), 1000);
  write(regs::pmc_intr_en_set::offset(0), regs::pmc_intr::pfifo.mask());
  enable(kChannel);

  submit(kChannel, copy_job(kVidmem, 0x300000, kSystem, kSource, kWords));
  CHECK(status_of(wait_for_completion(kChannel)) == regs::CompletionStatus::kOk);
  CHECK(eventually([&] { return protocol_test::events(interrupt) == 1; }));
  write(regs::chan_intr::offset(kChannel / 32), uint32_t{1} << kChannel % 32);

  submit(kChannel, copy_job(kSystem, kTarget, kVidmem, 0x300000, kWords));
  const CompletionWords completion = wait_for_completion(kChannel);
  CHECK(status_of(completion) == regs::CompletionStatus::kOk);
  CHECK(regs::completion::job_id.get(std::span<const uint64_t>(completion)) == 77);
  CHECK(regs::completion::done.get(std::span<const uint64_t>(completion)) == kWords);
  CHECK(std::ranges::equal(source, ram.at<uint64_t>(kTarget, kWords)));
  CHECK(eventually([&] { return protocol_test::events(interrupt) == 1; }));
}

TEST_CASE_METHOD(Machine, "VRAM is seen through PRAMIN and BAR1") {
  using enum regs::AddressMode;
  ram.at<uint64_t>(kSource, 1)[0] = 0x1122334455667788;
  enable(kChannel);
  submit(kChannel, copy_job(kVidmem, 0x310008, kSystem, kSource, 1));
  wait_for_completion(kChannel);
  namespace w = regs::bar0_window;
  write(w::kOffset, w::base.set(0, 0x310000u >> w::kBaseShift));
  CHECK(read(w::kPraminOffset + 8) == 0x55667788);
  CHECK(client->read32(1, 0x31000c) == 0x11223344);
}

TEST_CASE_METHOD(Machine, "An address outside RAM is a DMA error, and the channel goes on") {
  using enum regs::AddressMode;
  enable(kChannel);
  submit(kChannel, copy_job(kSystem, kTarget, kSystem, Ram::kBytes - 4096, 1024));
  const CompletionWords completion = wait_for_completion(kChannel);
  CHECK(status_of(completion) == regs::CompletionStatus::kDmaError);
  CHECK(regs::completion::done.get(std::span<const uint64_t>(completion)) == 512);
  submit(kChannel, copy_job(kSystem, kTarget, kSystem, kSource, 8));
  CHECK(status_of(wait_for_completion(kChannel)) == regs::CompletionStatus::kOk);
}

TEST_CASE_METHOD(Machine, "Without bus mastering the ring cannot be read") {
  enable(kChannel);
  client->set_bus_master(false);
  submit(kChannel,
         copy_job(regs::AddressMode::kSystem, kTarget, regs::AddressMode::kSystem, kSource, 8));
  namespace r = regs::chan_status;
  CHECK(eventually(
      [&] { return r::state.decode(read(r::offset(kChannel))) == regs::ChanState::kBadRing; }));
}

TEST_CASE_METHOD(Machine, "Registers answer at once during long copies") {
  using enum regs::AddressMode;
  using Clock = std::chrono::steady_clock;
  enable(kChannel);
  constexpr unsigned kJobs = 16;
  // Each moves 8 MiB; together they take tens of milliseconds.
  for (unsigned i = 0; i < kJobs; ++i)
    submit(kChannel, copy_job(kVidmem, i * 0x800000, kSystem, kSource, 0x100000));
  unsigned reads_meanwhile = 0;
  std::vector<Clock::duration> taken;
  while (!completed(kChannel)) {
    const auto before = Clock::now();
    CHECK(read(regs::faultline_id::kOffset) == regs::faultline_id::kReset);
    taken.push_back(Clock::now() - before);
    ++reads_meanwhile;
  }
  REQUIRE(reads_meanwhile > 10);
  std::ranges::sort(taken);
  CHECK(taken[taken.size() / 2] < std::chrono::milliseconds(2));
}

}  // namespace
}  // namespace faultline::device_test
