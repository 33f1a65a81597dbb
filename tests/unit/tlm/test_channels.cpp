// SPDX-License-Identifier: MIT
// Rings, doorbells, states.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/tlm/bench_device.hpp"

namespace faultline::tests {
namespace {

using regs::ChanState;
using regs::CompletionStatus;
using regs::Opcode;

constexpr JobFields kNop{.opcode = Opcode::kNop};

TEST_CASE_METHOD(BenchDevice, "a channel is disabled until it is enabled") {
  CHECK(state(3) == ChanState::kDisabled);
  queue(3, kNop);
  ring(3);
  run();
  CHECK_FALSE(completion(3).valid);
  enable(3);
  CHECK(state(3) == ChanState::kIdle);
  CHECK(read(regs::chan_ring_put::offset(3)) == 0);  // ENABLE forgets earlier doorbells
  CHECK(do_job(3, kNop).valid);
}

TEST_CASE_METHOD(BenchDevice, "jobs are done in order, around the ring") {
  enable(2);
  uint32_t id = 0;
  for (unsigned round = 0; round < 3; ++round) {
    for (unsigned i = 0; i < 3; ++i) queue(2, {.opcode = Opcode::kNop, .id = ++id});
    ring(2);
    run();
    CHECK(read(regs::chan_ring_get::offset(2)) == id);
    CHECK(read(regs::chan_ring_put::offset(2)) == id);
    for (unsigned i = 0; i < 3; ++i) CHECK(completion(2, id - 1 - i).job_id == id - i);
  }
}

TEST_CASE_METHOD(BenchDevice, "registers keep their defined bits") {
  write(regs::chan_ring_lo::offset(39), 0xffffffff);
  CHECK(read(regs::chan_ring_lo::offset(39)) == 0xfffff000);
  write(regs::chan_inst_lo::offset(39), 0xffffffff);
  CHECK(read(regs::chan_inst_lo::offset(39)) == 0xfffff003);
  write(regs::chan_status::offset(39), 0xffffffff);
  CHECK(state(39) == ChanState::kDisabled);
  CHECK(read(regs::chan_doorbell::offset(39)) == 0);
  CHECK(read(regs::faultline_unmodelled::kOffset) == 0);
}

TEST_CASE_METHOD(BenchDevice, "configuration counts at the moment of enabling") {
  enable(1);
  write(regs::chan_ring_lo::offset(1), 0x200000);
  write(regs::chan_completion_lo::offset(1), 0x201000);
  CHECK(do_job(1, {.opcode = Opcode::kNop, .id = 9}).job_id == 9);
}

TEST_CASE_METHOD(BenchDevice, "bad rings") {
  SECTION("more jobs than entries") {
    enable(4);
    write(regs::chan_doorbell::offset(4), 5);
  }
  SECTION("a doorbell that goes back") {
    enable(4);
    do_job(4, kNop);
    write(regs::chan_intr::offset(0), 1u << 4);
    write(regs::chan_doorbell::offset(4), 0);
  }
  SECTION("sizes that no ring has") {
    const uint32_t size = GENERATE(0u, 17u, 31u);
    write(regs::chan_ring_size::offset(4), size);
    write(regs::chan_ctrl::offset(4), regs::chan_ctrl::enable.mask());
    write(regs::chan_doorbell::offset(4), 1);
  }
  SECTION("job ring outside memory") {
    enable(4);
    disable(4);
    run();
    write(regs::chan_ring_hi::offset(4), 1);
    write(regs::chan_ctrl::offset(4), regs::chan_ctrl::enable.mask());
    write(regs::chan_doorbell::offset(4), 1);
  }
  SECTION("completion ring outside memory") {
    enable(4);
    disable(4);
    run();
    write(regs::chan_completion_hi::offset(4), 1);
    write(regs::chan_ctrl::offset(4), regs::chan_ctrl::enable.mask());
    write(regs::chan_doorbell::offset(4), 1);
  }
  run();
  CHECK(state(4) == ChanState::kBadRing);
  CHECK(read(regs::chan_intr::offset(0)) == 1u << 4);
  // It stays so until it is enabled anew.
  write(regs::chan_doorbell::offset(4), 1);
  run();
  CHECK(state(4) == ChanState::kBadRing);
  disable(4);
  run();
  CHECK(state(4) == ChanState::kDisabled);
  write(regs::chan_ring_hi::offset(4), 0);
  write(regs::chan_completion_hi::offset(4), 0);
  enable(4);
  CHECK(do_job(4, kNop).status == CompletionStatus::kOk);
}

TEST_CASE_METHOD(BenchDevice, "disabled and enabled again before the model runs") {
  map_system(0x1000, 0x200000);
  enable(6);
  queue(6, {.opcode = Opcode::kFill, .id = 1, .dst = 0x1000, .count = 1024});
  ring(6);
  run();  // the second page is parked
  disable(6);
  enable(6);
  const auto done = do_job(6, {.opcode = Opcode::kNop, .id = 2});
  CHECK(done.job_id == 2);
  CHECK(done.status == CompletionStatus::kOk);
  CHECK(read(regs::chan_ring_get::offset(6)) == 1);
  CHECK(mmu().held.empty());
}

TEST_CASE_METHOD(BenchDevice, "job words are taken when the job's turn comes") {
  host.unmap_all();
  host.map(0, kSystemBytes);
  enable(0);
  CHECK(do_job(0, kNop).valid);
}

TEST_CASE_METHOD(BenchDevice, "work takes simulated time, register accesses none") {
  enable(0);
  const auto before = sc_core::sc_time_stamp();
  read(regs::chan_status::offset(0));
  write(regs::chan_ring_lo::offset(1), 0);
  CHECK(sc_core::sc_time_stamp() == before);
  do_job(0, kNop);
  CHECK(sc_core::sc_time_stamp() > before);
}

}  // namespace
}  // namespace faultline::tests
