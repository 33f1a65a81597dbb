// SPDX-License-Identifier: MIT
// Prefetches: never parked, reported as the filter says.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace filter = regs::mmu_page_fault_ctrl;
using regs::FaultBuffer;

namespace {

Answer prefetch(Bench& bench, const Requester& who) {
  return bench.gmmu.translate(bench.request_by(who, kVa, Access::kPrefetch));
}

}  // namespace

TEST_CASE("a prefetch that finds its page translates as a read") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k,
                   {.address = kFrame, .read_only = true, .atomic_disable = true});
  CHECK(prefetch(bench, bench.stream()).pa == kFrame);
}

TEST_CASE("a prefetch that finds no page is reported, dropped, and never replayed") {
  Bench bench;
  const Answer answer = prefetch(bench, bench.stream());
  CHECK(answer.outcome == Outcome::kDropped);
  CHECK(static_cast<FaultType>(answer.fault_type) == FaultType::kPde);
  const std::vector<Words> packets = bench.packets(FaultBuffer::kReplayable);
  REQUIRE(packets.size() == 1);
  const std::span<const uint32_t> packet(packets[0]);
  CHECK(regs::fault_packet::access_type.decode(packet) == regs::AccessType::kPrefetch);
  CHECK(regs::fault_packet::replayable_fault.get(packet) == 1);
  bench.replay();
  CHECK(bench.gmmu.statistics().replays == 0);
  CHECK(bench.said.answers.empty());
}

TEST_CASE("a prefetch of a client that cannot replay is dropped too") {
  Bench bench;
  CHECK(prefetch(bench, bench.copy()).outcome == Outcome::kDropped);
  CHECK(bench.packets(FaultBuffer::kNonReplayable).size() == 1);
}

TEST_CASE("PRF_FILTER sends all, or none") {
  Bench bench;
  bench.set(filter::kOffset, static_cast<uint32_t>(regs::PrfFilter::kSendNone));
  CHECK(prefetch(bench, bench.stream()).outcome == Outcome::kDropped);
  CHECK(bench.packets(FaultBuffer::kReplayable).empty());
  if (kCountsEverything) CHECK(bench.gmmu.statistics().dropped == 1);
  bench.park(kVa, 1);
  CHECK(bench.packets(FaultBuffer::kReplayable).size() == 1);
  bench.set(filter::kOffset, static_cast<uint32_t>(regs::PrfFilter::kSendAll));
  prefetch(bench, bench.stream());
  CHECK(bench.packets(FaultBuffer::kReplayable).size() == 2);
}

TEST_CASE("a filtered prefetch does not reach the snapshot either") {
  Bench bench;
  bench.set(filter::kOffset, static_cast<uint32_t>(regs::PrfFilter::kSendNone));
  bench.set(regs::mmu_fault_buffer_size::offset(1), 0);
  prefetch(bench, bench.stream());
  CHECK(bench.get(regs::mmu_fault_status::kOffset) == 0);
}

TEST_CASE("after reset prefetch faults are not sent") {
  Bench bench;
  bench.gmmu.reset();
  CHECK(filter::prf_filter.decode(bench.get(filter::kOffset)) == regs::PrfFilter::kSendNone);
}

}  // namespace faultline::mmu::test
