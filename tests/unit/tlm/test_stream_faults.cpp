// SPDX-License-Identifier: MIT
// Streams whose accesses are parked, replayed, cancelled, refused or lost.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/tlm/bench_device.hpp"

namespace faultline::tests {
namespace {

using enum regs::CompletionStatus;
using regs::ChanState;
using regs::Opcode;

constexpr uint64_t kVa = 0x10000000;
constexpr uint64_t kPa = 0x200000;
constexpr uint64_t kPage = 4096;

struct FaultingStreams : BenchDevice {
  FaultingStreams() { enable(0); }

  /// Queues and runs until the job stalls.
  void start(unsigned channel, const JobFields& job) {
    queue(channel, job);
    ring(channel);
    run();
  }
};

JobFields fill_pages(uint64_t pages) {
  return {.opcode = Opcode::kFill, .dst = kVa, .count = pages * 512, .operand = 0x5a};
}

TEST_CASE_METHOD(FaultingStreams, "a job raises up to 16 faults at once") {
  start(0, fill_pages(40));
  CHECK(mmu().held.size() == 16);
  CHECK(state(0) == ChanState::kRunning);
  CHECK_FALSE(completion(0).valid);
  // Nothing is left to simulate: the process may sleep.
  CHECK_FALSE(device->is_busy());
}

TEST_CASE_METHOD(FaultingStreams, "replays let a job go on where it was") {
  start(0, fill_pages(40));
  for (unsigned mapped = 0; mapped < 40; mapped += 8) {
    map_system(kVa + mapped * kPage, kPa + mapped * kPage, 8);
    mmu().replay();
    run();
  }
  REQUIRE(completion(0).valid);
  CHECK(completion(0).status == kOk);
  CHECK(completion(0).done == 40 * 512);
  CHECK(std::ranges::all_of(system<uint64_t>(kPa, 40 * 512), [](uint64_t e) { return e == 0x5a; }));
}

TEST_CASE_METHOD(FaultingStreams, "a fault in the middle lets later pages pass") {
  map_system(kVa, kPa, 8);
  mmu().unmap(kVa + 3 * kPage);
  start(0, fill_pages(8));
  REQUIRE(mmu().held.size() == 1);
  CHECK(mmu().held[0].request.va == kVa + 3 * kPage);
  CHECK(system<uint64_t>(kPa + 7 * kPage, 1)[0] == 0x5a);
  CHECK(system<uint64_t>(kPa + 3 * kPage, 1)[0] == 0);
  map_system(kVa + 3 * kPage, kPa + 3 * kPage);
  mmu().replay();
  // The access happens with the answer: what comes after may void the translation.
  CHECK(system<uint64_t>(kPa + 3 * kPage, 1)[0] == 0x5a);
  mmu().unmap(kVa + 3 * kPage);
  run();
  CHECK(completion(0).status == kOk);
}

TEST_CASE_METHOD(FaultingStreams, "a copy stalls on its source, then on its target") {
  constexpr uint64_t kTarget = kVa + 0x100000;
  system<uint64_t>(kPa, 1)[0] = 1234;
  start(0, {.opcode = Opcode::kCopy, .dst = kTarget, .src = kVa, .count = 1});
  REQUIRE(mmu().held.size() == 1);
  CHECK(mmu().held[0].request.access == mmu::Access::kRead);
  map_system(kVa, kPa);
  mmu().replay();
  run();
  REQUIRE(mmu().held.size() == 1);
  CHECK(mmu().held[0].request.access == mmu::Access::kWrite);
  map_system(kTarget, kPa + kPage);
  mmu().replay();
  run();
  CHECK(completion(0).status == kOk);
  CHECK(system<uint64_t>(kPa + kPage, 1)[0] == 1234);
}

TEST_CASE_METHOD(FaultingStreams, "later elements win although earlier ones were parked") {
  // Two elements into the same place, with another page between: the first write is parked.
  constexpr uint64_t kIndex = kVa + 0x200000;
  constexpr uint64_t kSrc = kVa + 0x300000;
  map_system(kIndex, kPa);
  map_system(kSrc, kPa + kPage);
  map_system(kVa + kPage, kPa + 3 * kPage);
  const uint64_t indices[] = {0, 512, 0};
  const uint64_t values[] = {11, 22, 33};
  std::ranges::copy(indices, system<uint64_t>(kPa, 3).begin());
  std::ranges::copy(values, system<uint64_t>(kPa + kPage, 3).begin());
  start(0, {.opcode = Opcode::kScatter, .dst = kVa, .src = kSrc, .count = 3, .index = kIndex});
  CHECK(mmu().held.size() == 1);
  map_system(kVa, kPa + 2 * kPage);
  mmu().replay();
  run();
  CHECK(completion(0).status == kOk);
  CHECK(system<uint64_t>(kPa + 2 * kPage, 1)[0] == 33);
  CHECK(system<uint64_t>(kPa + 3 * kPage, 1)[0] == 22);
}

TEST_CASE_METHOD(FaultingStreams, "the result of atomics is that of the last element") {
  map_system(kVa + kPage, kPa + kPage);
  system<uint64_t>(kPa, 1)[0] = 1;
  system<uint64_t>(kPa + kPage, 1)[0] = 2;
  start(0, {.opcode = Opcode::kAtomic, .dst = kVa, .count = 2, .operand = 5, .stride = kPage});
  CHECK(system<uint64_t>(kPa + kPage, 1)[0] == 7);  // before the first
  map_system(kVa, kPa);
  mmu().replay();
  run();
  CHECK(system<uint64_t>(kPa, 1)[0] == 6);
  CHECK(completion(0).result == 2);
}

TEST_CASE_METHOD(FaultingStreams, "a cancelled access ends the job") {
  map_system(kVa, kPa, 2);
  start(0, fill_pages(3));
  REQUIRE(mmu().held.size() == 1);
  mmu().cancel(kVa + 2 * kPage, 6);
  run();
  const auto done = completion(0);
  REQUIRE(done.valid);
  CHECK(done.status == kFault);
  CHECK(done.fault_type == 6);
  CHECK(done.access_type == regs::AccessType::kWrite);
  CHECK(done.fault_address == kVa + 2 * kPage);
  CHECK(done.done == 2 * 512);  // those before the first page that is not finished
  CHECK(state(0) == ChanState::kIdle);
  CHECK(do_job(0, {.opcode = Opcode::kFill, .dst = kVa, .count = 1}).status == kOk);
}

TEST_CASE_METHOD(FaultingStreams,
                 "a failed job completes when all that it has in flight is answered") {
  map_system(kVa, kPa, 2);
  queue(0, fill_pages(40));
  start(0, {.opcode = Opcode::kNop});
  const size_t in_flight = mmu().held.size();
  REQUIRE(in_flight > 3);
  mmu().cancel(kVa + 5 * kPage, 6);
  run();
  CHECK_FALSE(completion(0).valid);
  CHECK(mmu().held.size() == in_flight - 1);  // nothing is withdrawn, nothing new is asked
  SECTION("by cancels") {
    for (unsigned page = 0; page < 40; ++page) mmu().cancel(kVa + page * kPage, 2);
  }
  SECTION("by translations, which are not used any more") {
    map_system(kVa + 2 * kPage, kPa + 2 * kPage, 38);
    mmu().replay();
  }
  run();
  CHECK(mmu().withdrawn.empty());
  CHECK(completion(0).status == kFault);
  CHECK(completion(0).fault_type == 6);
  CHECK(completion(0).fault_address == kVa + 5 * kPage);
  CHECK(system<uint64_t>(kPa + 3 * kPage, 1)[0] == 0);
  CHECK(completion(0, 1).valid);
}

TEST_CASE_METHOD(FaultingStreams, "a fault that is not replayable ends the job") {
  mmu().set_miss(mmu::Outcome::kFaulted);
  const auto done = do_job(0, {.opcode = Opcode::kReduce, .src = kVa + 8, .count = 1});
  CHECK(done.status == kFault);
  CHECK(done.fault_type == 2);
  CHECK(done.access_type == regs::AccessType::kRead);
  CHECK(done.fault_address == kVa + 8);
}

TEST_CASE_METHOD(FaultingStreams, "disabling withdraws parked requests and aborts the job") {
  map_system(kVa, kPa);
  queue(0, fill_pages(40));
  queue(0, {.opcode = Opcode::kNop});
  ring(0);
  run();
  disable(0);
  CHECK(state(0) != ChanState::kDisabled);  // not before the requests are withdrawn
  run();
  CHECK(state(0) == ChanState::kDisabled);
  CHECK(mmu().held.empty());
  REQUIRE(completion(0).valid);
  CHECK(completion(0).status == kAborted);
  CHECK(completion(0).done == 512);
  CHECK_FALSE(completion(0, 1).valid);
}

TEST_CASE_METHOD(FaultingStreams, "a full replay list is asked again after space") {
  mmu().set_miss(mmu::Outcome::kStalled);
  start(0, fill_pages(3));
  CHECK(mmu().requests.size() == 1);
  CHECK_FALSE(device->is_busy());
  mmu().set_miss(mmu::Outcome::kParked);
  mmu().make_space(0, 2);  // another stream's uTLB
  run();
  CHECK(mmu().requests.size() == 1);
  mmu().make_space(0, 1);
  run();
  CHECK(mmu().requests.size() == 4);
  CHECK(mmu().held.size() == 3);
}

TEST_CASE_METHOD(FaultingStreams, "several streams stall and finish independently") {
  for (unsigned channel = 1; channel < 32; ++channel) enable(channel);
  for (unsigned channel = 0; channel < 32; ++channel)
    start(
        channel,
        {.opcode = Opcode::kFill, .dst = kVa + channel * kPage, .count = 512, .operand = channel});
  CHECK(mmu().held.size() == 32);
  map_system(kVa + 7 * kPage, kPa + 7 * kPage);
  mmu().replay();
  run();
  for (unsigned channel = 0; channel < 32; ++channel)
    CHECK(completion(channel).valid == (channel == 7));
  map_system(kVa, kPa, 32);
  mmu().replay();
  run();
  for (unsigned channel = 0; channel < 32; ++channel) {
    CHECK(completion(channel).status == kOk);
    CHECK(system<uint64_t>(kPa + channel * kPage, 512)[511] == channel);
  }
}

TEST_CASE_METHOD(FaultingStreams, "a translation to where no memory is") {
  SECTION("system memory") { mmu().map(kVa, mmu::Aperture::kSysCoherent, kSystemBytes); }
  SECTION("video memory") { mmu().map(kVa, mmu::Aperture::kVidmem, kVramBytes); }
  SECTION("a peer") { mmu().map(kVa, mmu::Aperture::kPeer, 0); }
  const auto fill = do_job(0, {.opcode = Opcode::kFill, .dst = kVa + 16, .count = 1});
  CHECK(fill.status == kDmaError);
  CHECK(fill.fault_address == kVa + 16);
  CHECK(fill.access_type == regs::AccessType::kWrite);
  CHECK(do_job(0, {.opcode = Opcode::kAtomic, .dst = kVa, .count = 1}).status == kDmaError);
  CHECK(do_job(0, {.opcode = Opcode::kReduce, .src = kVa, .count = 1}).status == kDmaError);
}

struct SlowAnswers : FaultingStreams {
  SlowAnswers() { mmu().answer_later(); }

  /// Answers and runs until nothing is asked any more.
  void answer_all() {
    while (!mmu().asked.empty()) {
      CHECK(mmu().asked.size() == 1);  // of one stream, at a time
      mmu().answer_asked();
      run();
    }
  }
};

TEST_CASE_METHOD(SlowAnswers, "an answer that takes its time is used when it comes") {
  map_system(kVa, kPa, 2);
  start(0, fill_pages(2));
  CHECK_FALSE(device->is_busy());
  mmu().answer_asked();
  CHECK(system<uint64_t>(kPa, 1)[0] == 0x5a);
  mmu().unmap(kVa);
  // The next access is on its way before any time has passed.
  CHECK(mmu().asked.size() == 1);
  answer_all();
  CHECK(completion(0).status == kOk);
  CHECK(completion(0).done == 2 * 512);
}

TEST_CASE_METHOD(SlowAnswers, "slow answers park and stall like prompt ones") {
  start(0, fill_pages(40));
  answer_all();
  CHECK(mmu().held.size() == 16);
  map_system(kVa, kPa, 40);
  mmu().replay();
  run();
  mmu().set_miss(mmu::Outcome::kStalled);
  mmu().unmap(kVa + 39 * kPage);
  answer_all();
  CHECK_FALSE(completion(0).valid);
  map_system(kVa + 39 * kPage, kPa + 39 * kPage);
  mmu().make_space(0, 1);
  run();
  answer_all();
  CHECK(completion(0).status == kOk);
}

TEST_CASE_METHOD(SlowAnswers, "accesses that take no time make room for the next, too") {
  map_system(kVa, kPa, 40);
  start(0, {.opcode = Opcode::kPrefetch, .dst = kVa, .count = 40 * 512});
  answer_all();
  CHECK(mmu().requests.size() == 40);
  CHECK(completion(0).done == 40 * 512);
}

TEST_CASE_METHOD(SlowAnswers, "a stopped job ends with the answer that it waits for") {
  map_system(kVa, kPa);
  start(0, fill_pages(1));
  disable(0);
  run();
  CHECK_FALSE(completion(0).valid);
  SECTION("a translation, which is not used") {}
  SECTION("parked, and withdrawn") { mmu().unmap(kVa); }
  mmu().answer_asked();
  run();
  CHECK(completion(0).status == kAborted);
  CHECK(mmu().held.empty());
  CHECK(system<uint64_t>(kPa, 1)[0] == 0);
}

TEST_CASE_METHOD(SlowAnswers, "a reset drops what is asked") {
  map_system(kVa, kPa);
  start(0, fill_pages(1));
  device->reset(tlm::ResetKind::kFunction);
  run();
  CHECK(state(0) == ChanState::kDisabled);
  CHECK_FALSE(completion(0).valid);
  CHECK(system<uint64_t>(kPa, 1)[0] == 0);
}

TEST_CASE_METHOD(FaultingStreams, "a reset drops parked work without a word") {
  start(0, fill_pages(4));
  device->reset(tlm::ResetKind::kFunction);
  run();
  CHECK(state(0) == ChanState::kDisabled);
  CHECK_FALSE(completion(0).valid);
  CHECK(read(regs::chan_ring_lo::offset(0)) == 0);
  enable(0);
  CHECK(do_job(0, {.opcode = Opcode::kNop}).status == kOk);
}

}  // namespace
}  // namespace faultline::tests
