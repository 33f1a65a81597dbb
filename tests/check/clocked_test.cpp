// SPDX-License-Identifier: MIT
// What needs a cycle of its own: what meets something that is still on its way.
#include <Vgmmu_small.h>

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"
#include "tests/check/checked_rtl.hpp"

namespace faultline::check_test {

using mmu::Aperture;
using mmu::Outcome;
using Responses = rtl::ClockedGmmu::Responses;
namespace op = regs::mmu_invalidate;
namespace ctrl = regs::mmu_ctrl;

namespace {

constexpr uint64_t kVa = 0x7f00'0000'0000;
constexpr uint64_t kPage = 0x1000;
constexpr uint64_t kBuffer = 0x4000'0000;
constexpr unsigned kLatency = 50;

/// One replayable client and its address space, with nothing mapped.
class ClockedBench : private rtl::PortObserver {
 public:
  ClockedBench() {
    namespace lo = regs::mmu_fault_buffer_lo;
    namespace size = regs::mmu_fault_buffer_size;
    rtl_.gmmu.observe(*this);
    rtl_.gmmu.reads().set_latency(kLatency);
    block_.set_subcontext(0, builder::space_of(tables.root()));
    uint32_t word = lo::addr_mode.set(kBuffer, regs::FaultBufferAddrMode::kPhysical);
    word = lo::phys_aperture.set(word, regs::PteAperture::kSysCoherent);
    set(lo::offset(1), word);
    set(size::offset(1), size::enable.mask() | 64);
  }

  void read(uint64_t va, uint16_t tag) {
    mmu::Request request{.va = va, .requester = {.instance = block_.pointer()}, .tag = tag};
    request.requester.client = static_cast<uint8_t>(regs::GpcClient::kT1_0);
    request.requester.engine_id = static_cast<uint16_t>(regs::EngineId::kGraphics);
    port_ = rtl_.gmmu.sizes().port_of(request.requester);
    rtl_.gmmu.request(port_, request);
  }
  void reset() { rtl_.gmmu.reset(); }
  void withdraw(uint16_t tag) { rtl_.gmmu.withdraw(port_, tag); }
  void replay() { set(op::kOffset, op::replay.set(op::trigger.mask(), regs::ReplayOp::kStart)); }
  void step(unsigned cycles) {
    for (unsigned i = 0; i < cycles; ++i) rtl_.gmmu.step(Responses::kTaken);
  }
  void rest() {
    for (unsigned i = 0; i < 100'000 && !rtl_.gmmu.rests(); ++i) step(1);
    REQUIRE(rtl_.gmmu.rests());
    step(1);
  }
  uint32_t get(uint32_t offset) { return rtl_.gmmu.read_register(offset); }
  void set(uint32_t offset, uint32_t value) { rtl_.gmmu.write_register(offset, value); }
  uint32_t put() {
    return regs::mmu_fault_buffer_put::ptr.get(get(regs::mmu_fault_buffer_put::offset(1)));
  }

  std::vector<Outcome> outcomes;
  unsigned spaces = 0;

 private:
  void responded(unsigned, const rtl::Response& response) override {
    outcomes.push_back(response.answer.outcome);
  }
  void space(unsigned) override { ++spaces; }

  CheckedRtl<Vgmmu_small> rtl_{kSmallSizes, [](const check::Violation& violation) {
                                 FAIL_CHECK("cycle " << violation.cycle << ": " << violation.text);
                               }};
  unsigned port_ = 0;

 public:
  builder::PageTables tables{rtl_.memory,
                             builder::BumpAllocator(0x2000'0000, {regs::PdeAperture::kVidmem})};

 private:
  builder::InstanceBlock block_{rtl_.memory,
                                {.address = 0x1230'0000, .aperture = Aperture::kVidmem}};
};

}  // namespace

TEST_CASE("a reset forgets the request that a port is offered and does not take") {
  ClockedBench bench;
  for (uint16_t i = 0; i < 16; ++i) bench.read(kVa + i * kPage, i);
  bench.step(kLatency / 2);
  bench.reset();
  bench.step(10 * kLatency);
  CHECK(bench.outcomes.empty());
}

TEST_CASE("what is withdrawn while its replay is on its way is told and answered no more") {
  ClockedBench bench;
  bench.read(kVa, 1);
  bench.rest();
  REQUIRE(bench.outcomes == std::vector{Outcome::kParked});
  REQUIRE(bench.put() == 1);
  bench.replay();
  bench.step(kLatency);
  bench.withdraw(1);
  bench.rest();
  CHECK(bench.outcomes.size() == 1);
  CHECK(bench.put() == 1);
  bench.replay();
  bench.rest();
  CHECK(bench.outcomes.size() == 1);
}

TEST_CASE("room in a list that refused is told once, in one cycle, though nothing else happens") {
  ClockedBench bench;
  for (uint16_t i = 0; i < kSmallSizes.replay_depth; ++i) bench.read(kVa + i * kPage, i);
  bench.rest();
  bench.read(kVa, kSmallSizes.replay_depth);
  bench.rest();
  REQUIRE(bench.outcomes.back() == Outcome::kStalled);
  bench.withdraw(3);
  bench.rest();
  bench.step(100);
  CHECK(bench.spaces == 1);
}

TEST_CASE(
    "an operation that finds the queue full is lost, and PRI_FIFO_ERROR says so until cleared") {
  constexpr unsigned kDepth = ctrl::pri_fifo_space.get(ctrl::kReset);
  ClockedBench bench;
  bench.read(kVa, 1);
  bench.rest();
  bench.replay();  // walks for a while, and holds up the others
  bench.step(10);
  for (unsigned i = 0; i < kDepth; ++i) bench.replay();
  CHECK(ctrl::pri_fifo_space.get(bench.get(ctrl::kOffset)) == 0);
  CHECK(ctrl::pri_fifo_error.get(bench.get(ctrl::kOffset)) == 0);
  bench.set(op::kOffset, op::trigger.mask() | op::replay.set(0, regs::ReplayOp::kCancelGlobal));
  CHECK(ctrl::pri_fifo_error.get(bench.get(ctrl::kOffset)) == 1);
  bench.rest();
  CHECK(bench.outcomes.size() == 1);  // the cancel was lost
  CHECK(bench.put() == 2 + kDepth);   // the others were not
  CHECK(ctrl::pri_fifo_error.get(bench.get(ctrl::kOffset)) == 1);
  bench.set(ctrl::kOffset, ctrl::pri_fifo_error_clear.mask());
  CHECK(ctrl::pri_fifo_error.get(bench.get(ctrl::kOffset)) == 0);
}

}  // namespace faultline::check_test
