// SPDX-License-Identifier: MIT
// Copy channels: physical memory in any mix, virtual memory with switch-out and restart.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <numeric>

#include "tests/unit/tlm/bench_device.hpp"

namespace faultline::tests {
namespace {

using enum regs::CompletionStatus;
using regs::AddressMode;
using regs::ChanState;
using regs::Opcode;

constexpr unsigned kChannel = BenchDevice::kFirstCopy + 3;
constexpr uint64_t kSystem = 0x200000;
constexpr uint64_t kVa = 0x4000000000;
constexpr uint64_t kPage = 4096;

struct Copies : BenchDevice {
  Copies() { enable(kChannel); }

  std::span<uint8_t> bytes(AddressMode mode, uint64_t address, size_t count) {
    return mode == AddressMode::kVidmem ? vram<uint8_t>(address, count)
                                        : system<uint8_t>(address, count);
  }
};

TEST_CASE_METHOD(Copies, "physical copies in any mix, larger than a piece") {
  const auto src_mode = GENERATE(AddressMode::kVidmem, AddressMode::kSystem);
  const auto dst_mode = GENERATE(AddressMode::kVidmem, AddressMode::kSystem);
  constexpr uint64_t kCount = 200001;
  constexpr uint64_t kSrc = kSystem + 3;
  constexpr uint64_t kDst = kSystem + 0x80005;
  const auto src = bytes(src_mode, kSrc, kCount);
  for (size_t i = 0; i < kCount; ++i) src[i] = static_cast<uint8_t>(i * 31 + i / 255);
  const auto done = do_job(kChannel, {.opcode = Opcode::kCopy,
                                      .size = 0,
                                      .dst_mode = dst_mode,
                                      .src_mode = src_mode,
                                      .dst = kDst,
                                      .src = kSrc,
                                      .count = kCount});
  REQUIRE(done.status == kOk);
  CHECK(done.done == kCount);
  CHECK(std::ranges::equal(src, bytes(dst_mode, kDst, kCount)));
  CHECK(bytes(dst_mode, kDst + kCount, 1)[0] == 0);
}

TEST_CASE_METHOD(Copies, "fill of video memory") {
  const auto done = do_job(kChannel, {.opcode = Opcode::kFill,
                                      .size = 2,
                                      .dst_mode = AddressMode::kVidmem,
                                      .dst = 0x10004,
                                      .count = 50000,
                                      .operand = 0xdeadbeef});
  REQUIRE(done.status == kOk);
  CHECK(std::ranges::all_of(vram<uint32_t>(0x10004, 50000),
                            [](uint32_t e) { return e == 0xdeadbeef; }));
  CHECK(vram<uint32_t>(0x10000, 1)[0] == 0);
  CHECK(vram<uint32_t>(0x10004 + 200000, 1)[0] == 0);
}

TEST_CASE_METHOD(Copies, "copies across mapped ranges") {
  host.map(kSystemBytes, 0x10000);
  device->host_memory_changed();
  vram<uint8_t>(0, 0x2000)[0x1fff] = 9;
  const auto done = do_job(kChannel, {.opcode = Opcode::kCopy,
                                      .dst_mode = AddressMode::kSystem,
                                      .src_mode = AddressMode::kVidmem,
                                      .dst = kSystemBytes - 0x1000,
                                      .src = 0,
                                      .count = 0x2000 / 8});
  REQUIRE(done.status == kOk);
  CHECK(system<uint8_t>(kSystemBytes + 0xfff, 1)[0] == 9);
}

TEST_CASE_METHOD(Copies, "what is outside memory ends the copy there") {
  SECTION("target in system memory") {
    const auto done = do_job(kChannel, {.opcode = Opcode::kFill,
                                        .dst_mode = AddressMode::kSystem,
                                        .dst = kSystemBytes - 0x3000,
                                        .count = 0x10000 / 8,
                                        .operand = 1});
    CHECK(done.status == kDmaError);
    CHECK(done.done == 0x3000 / 8);
    CHECK(done.fault_address == kSystemBytes);
    CHECK(done.access_type == regs::AccessType::kWrite);
    CHECK(system<uint64_t>(kSystemBytes - 8, 1)[0] == 1);
  }
  SECTION("source in video memory") {
    const auto done = do_job(kChannel, {.opcode = Opcode::kCopy,
                                        .dst_mode = AddressMode::kSystem,
                                        .src_mode = AddressMode::kVidmem,
                                        .dst = kSystem,
                                        .src = kVramBytes - 0x1000,
                                        .count = 0x2000 / 8});
    CHECK(done.status == kDmaError);
    CHECK(done.done == 0x1000 / 8);
    CHECK(done.fault_address == kVramBytes);
    CHECK(done.access_type == regs::AccessType::kRead);
  }
  SECTION("memory that may not be written") {
    do_job(kChannel, {.opcode = Opcode::kNop});
    queue(kChannel, {.opcode = Opcode::kFill,
                     .dst_mode = AddressMode::kSystem,
                     .dst = kSystem,
                     .count = 1,
                     .operand = 5});
    host.make_read_only();
    device->host_memory_changed();
    ring(kChannel);
    run();
    CHECK(state(kChannel) == ChanState::kBadRing);  // not even the completion could be written
    CHECK(system<uint64_t>(kSystem, 1)[0] == 0);
  }
}

TEST_CASE_METHOD(Copies, "opcodes and modes that copy engines lack") {
  CHECK(do_job(kChannel, {.opcode = Opcode::kGather}).status == kBadJob);
  CHECK(do_job(kChannel, {.opcode = Opcode::kPrefetch}).status == kBadJob);
  CHECK(do_job(kChannel,
               {.opcode = Opcode::kFill, .dst_mode = static_cast<AddressMode>(3), .count = 1})
            .status == kBadJob);
  disable(kChannel);
  run();
  enable(kChannel, false);
  CHECK(do_job(kChannel, {.opcode = Opcode::kFill, .dst = kVa, .count = 1}).status == kBadJob);
  CHECK(do_job(kChannel, {.opcode = Opcode::kFill, .dst_mode = AddressMode::kVidmem, .count = 1})
            .status == kOk);
}

TEST_CASE_METHOD(Copies, "a virtual copy is switched out, restarted and goes on") {
  mmu().set_miss(mmu::Outcome::kFaulted);
  map_system(kVa, kSystem, 2);
  queue(kChannel, {.opcode = Opcode::kFill, .dst = kVa, .count = 4 * 512, .operand = 3});
  ring(kChannel);
  run();
  CHECK(state(kChannel) == ChanState::kFaulted);
  CHECK_FALSE(completion(kChannel).valid);
  CHECK(mmu().requests.back().va == kVa + 2 * kPage);
  CHECK(mmu().requests.back().requester.engine_id == 15 + 3);
  CHECK(mmu().requests.back().requester.client_type == mmu::ClientType::kHub);
  CHECK(mmu().requests.back().requester.client == static_cast<uint8_t>(regs::HubClient::kHsce3));

  SECTION("restarted too early: faults again") {
    const size_t asked = mmu().requests.size();
    write(regs::chan_clear_faulted::offset(kChannel), 1);
    run();
    CHECK(state(kChannel) == ChanState::kFaulted);
    CHECK(mmu().requests.size() == asked + 1);
  }
  SECTION("a write without TRIGGER restarts nothing") {
    const size_t asked = mmu().requests.size();
    write(regs::chan_clear_faulted::offset(kChannel), 0);
    run();
    CHECK(mmu().requests.size() == asked);
  }
  SECTION("restarted after service: done") {
    map_system(kVa + 2 * kPage, kSystem + 2 * kPage, 2);
    write(regs::chan_clear_faulted::offset(kChannel), 1);
    run();
    CHECK(completion(kChannel).status == kOk);
    CHECK(completion(kChannel).done == 4 * 512);
    CHECK(
        std::ranges::all_of(system<uint64_t>(kSystem, 4 * 512), [](uint64_t e) { return e == 3; }));
  }
  SECTION("stopped: aborted") {
    disable(kChannel);
    run();
    CHECK(state(kChannel) == ChanState::kDisabled);
    CHECK(completion(kChannel).status == kAborted);
    CHECK(completion(kChannel).done == 2 * 512);
  }
}

TEST_CASE_METHOD(Copies, "a restart of a channel that runs does nothing") {
  write(regs::chan_clear_faulted::offset(kChannel), 1);
  mmu().set_miss(mmu::Outcome::kFaulted);
  queue(kChannel, {.opcode = Opcode::kFill, .dst = kVa, .count = 1});
  ring(kChannel);
  run();
  CHECK(state(kChannel) == ChanState::kFaulted);
  CHECK(mmu().requests.size() == 1);
}

TEST_CASE_METHOD(Copies, "virtual to physical, and sparse pages") {
  map_system(kVa, kSystem);
  mmu().map_sparse(kVa + kPage);
  std::ranges::fill(system<uint8_t>(kSystem, kPage), uint8_t{7});
  std::ranges::fill(vram<uint8_t>(0, 2 * kPage), uint8_t{1});
  const auto read = do_job(kChannel, {.opcode = Opcode::kCopy,
                                      .dst_mode = AddressMode::kVidmem,
                                      .dst = 0,
                                      .src = kVa,
                                      .count = 2 * kPage / 8});
  CHECK(read.status == kOk);
  CHECK(vram<uint8_t>(kPage - 1, 1)[0] == 7);
  CHECK(std::ranges::all_of(vram<uint8_t>(kPage, kPage), [](uint8_t e) { return e == 0; }));
  CHECK(do_job(kChannel, {.opcode = Opcode::kFill, .dst = kVa + kPage, .count = 512, .operand = 1})
            .status == kOk);
}

TEST_CASE_METHOD(Copies, "a long copy leaves the host's thread between pieces") {
  enable(kChannel + 1);
  queue(kChannel, {.opcode = Opcode::kCopy,
                   .dst_mode = AddressMode::kVidmem,
                   .src_mode = AddressMode::kVidmem,
                   .dst = 0x800000,
                   .src = 0,
                   .count = 0x800000 / 8});
  ring(kChannel);
  unsigned runs = 0;
  while (device->is_busy()) {
    device->run(std::chrono::nanoseconds(1));
    ++runs;
  }
  CHECK(runs > 10);
  CHECK(completion(kChannel).status == kOk);
}

}  // namespace
}  // namespace faultline::tests
