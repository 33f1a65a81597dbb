// SPDX-License-Identifier: MIT
// Parked requests: replay, the lists that hold them, withdrawal.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace op = regs::mmu_invalidate;
using regs::FaultBuffer;
using regs::ReplayOp;

namespace {

constexpr uint64_t kPage = 0x1000;
constexpr auto kReplayable = FaultBuffer::kReplayable;

void take_all(Bench& bench, FaultBuffer which) {
  const auto i = static_cast<uint32_t>(which);
  const uint32_t put = bench.get(regs::mmu_fault_buffer_put::offset(i));
  bench.set(regs::mmu_fault_buffer_get::offset(i), regs::mmu_fault_buffer_put::ptr.get(put));
}

Requester client_of(const Bench& bench, regs::GpcClient client, uint8_t gpc = 1) {
  Requester who = bench.stream();
  who.client = static_cast<uint8_t>(client);
  who.gpc = gpc;
  return who;
}

void park_by(Bench& bench, const Requester& who, uint64_t va, uint64_t tag) {
  Request wanted = bench.request_by(who, va);
  wanted.tag = tag;
  REQUIRE(bench.gmmu.translate(wanted).outcome == Outcome::kParked);
}

}  // namespace

TEST_CASE("a parked request is answered once, by the replay after its page was mapped") {
  const auto start = GENERATE(ReplayOp::kStart, ReplayOp::kStartAckAll);
  Bench bench;
  bench.park(kVa + 0x123, 7);
  bench.replay(start);
  CHECK(bench.said.answers.empty());
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  CHECK(bench.said.answers.empty());
  bench.replay(start);
  CHECK(bench.said.answer_to(7).outcome == Outcome::kTranslated);
  CHECK(bench.said.answer_to(7).pa == kFrame + 0x123);
  bench.replay(start);
  CHECK(bench.said.answers.size() == 1);
}

TEST_CASE("a parked request whose page became sparse is answered so") {
  Bench bench;
  bench.park(kVa, 7);
  bench.tables.write(kVa, Level::kPte4k, builder::kSparsePte);
  bench.replay();
  CHECK(bench.said.answer_to(7).outcome == Outcome::kSparse);
}

TEST_CASE("an invalidate without REPLAY leaves parked requests alone") {
  Bench bench;
  bench.park(kVa, 7);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.invalidate_everything();
  CHECK(bench.said.answers.empty());
  CHECK(bench.gmmu.statistics().replays == 0);
}

TEST_CASE("a replay takes the requests of all uTLBs and all address spaces") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  builder::PageTables other(bench.memory,
                            builder::BumpAllocator(0x3000'0000, {regs::PdeAperture::kVidmem}));
  bench.instance.set_subcontext(1, builder::space_of(other.root()));
  Requester who = client_of(bench, regs::GpcClient::kT1_6, 3);
  who.engine_id += 1;
  park_by(bench, who, kVa, 1);
  bench.park(kVa, 2, Access::kWrite);
  park_by(bench, client_of(bench, regs::GpcClient::kT1_2), kVa + kPage, 3);
  other.map(kVa, Level::kPte4k, {.address = 0x6'0000'0000});
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.tables.map(kVa + kPage, Level::kPte4k, {.address = kFrame + kPage});
  // The address space that is named is that of the invalidate, not of the replay.
  bench.select({.address = 0, .aperture = regs::PdeAperture::kVidmem}, 0);
  bench.invalidate(op::replay.set(0, ReplayOp::kStart));
  CHECK(bench.said.answer_to(1).pa == 0x6'0000'0000);
  CHECK(bench.said.answer_to(2).pa == kFrame);
  CHECK(bench.said.answer_to(3).pa == kFrame + kPage);
}

TEST_CASE("the invalidate comes before the replay") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  bench.tables.write(kVa, Level::kPte4k, 0);
  bench.park(kVa + kPage, 1);
  bench.select(bench.tables.root(), kVa);
  bench.invalidate(op::replay.set(0, ReplayOp::kStart));
  CHECK(bench.read(kVa).outcome == Outcome::kParked);
}

TEST_CASE("each replay of a page that is still missing makes a new packet") {
  Bench bench;
  bench.park(kVa, 1);
  bench.clock.now = 500;
  bench.replay();
  bench.replay();
  const std::vector<Words> packets = bench.packets(kReplayable);
  REQUIRE(packets.size() == 3);
  CHECK(packets[0][7] == packets[1][7]);
  CHECK(packets[0][4] == 0);
  CHECK(packets[1][4] == 500);
}

TEST_CASE("several requests to one page make a packet each") {
  Bench bench;
  for (uint64_t tag = 1; tag <= 3; ++tag) bench.park(kVa, tag);
  CHECK(bench.packets(kReplayable).size() == 3);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.replay();
  CHECK(bench.said.answers.size() == 3);
}

TEST_CASE("a replay takes the requests of a uTLB in the order in which they came") {
  Bench bench;
  for (uint64_t tag = 1; tag <= 4; ++tag) bench.park(kVa + tag * kPage, tag);
  take_all(bench, kReplayable);
  bench.tables.map(kVa + 2 * kPage, Level::kPte4k, {.address = kFrame});
  bench.replay();
  const std::vector<Words> packets = bench.packets(kReplayable);
  REQUIRE(packets.size() == 3);
  CHECK(packets[0][2] == static_cast<uint32_t>(kVa + 1 * kPage));
  CHECK(packets[1][2] == static_cast<uint32_t>(kVa + 3 * kPage));
  CHECK(packets[2][2] == static_cast<uint32_t>(kVa + 4 * kPage));
}

TEST_CASE("a parked request does not hold up others of its uTLB") {
  Bench bench;
  bench.tables.map(kVa + kPage, Level::kPte4k, {.address = kFrame});
  bench.park(kVa, 1);
  CHECK(bench.read(kVa + kPage).outcome == Outcome::kTranslated);
}

TEST_CASE("a fault of another kind at the replay is reported as it is now") {
  Bench bench;
  bench.park(kVa, 1, Access::kWrite);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  bench.replay();
  const std::vector<Words> packets = bench.packets(kReplayable);
  REQUIRE(packets.size() == 2);
  CHECK(regs::fault_packet::fault_type.decode(std::span(packets[1])) == FaultType::kRoViolation);
}

TEST_CASE("a request that became non-replayable while it was parked faults for good") {
  Bench bench;
  bench.park(kVa, 1);
  builder::SpaceEntry space = builder::space_of(bench.tables.root());
  space.replay_tex = false;
  bench.instance.set_subcontext(0, space);
  bench.invalidate(op::all_va.mask() | op::all_pdb.mask() | op::replay.set(0, ReplayOp::kStart));
  CHECK(bench.said.answer_to(1).outcome == Outcome::kFaulted);
  CHECK(bench.packets(FaultBuffer::kNonReplayable).size() == 1);
}

TEST_CASE("an address space that was unbound under a parked request faults for good") {
  Bench bench;
  bench.park(kVa, 1);
  bench.instance.set_subcontext(0, {.target = regs::PdbTarget::kInvalid});
  bench.invalidate(op::all_va.mask() | op::all_pdb.mask() | op::replay.set(0, ReplayOp::kStart));
  CHECK(bench.said.answer_to(1).outcome == Outcome::kFaulted);
  CHECK(static_cast<FaultType>(bench.said.answer_to(1).fault_type) == FaultType::kUnboundInstBlock);
  CHECK(regs::mmu_fault_status::valid.get(bench.get(regs::mmu_fault_status::kOffset)) == 1);
}

TEST_CASE("a full replay list stalls its uTLB, reports nothing, and says when there is room",
          "[model]") {
  Bench bench({.replay_list_depth = 2});
  bench.park(kVa, 1);
  bench.park(kVa + kPage, 2);
  CHECK(bench.read(kVa + 2 * kPage).outcome == Outcome::kStalled);
  CHECK(bench.read(kVa + 3 * kPage).outcome == Outcome::kStalled);
  CHECK(bench.packets(kReplayable).size() == 2);
  // Other uTLBs, and prefetches, which never wait, are not concerned.
  park_by(bench, client_of(bench, regs::GpcClient::kT1_2), kVa, 3);
  CHECK(bench.gmmu.translate(bench.request(kVa, Access::kPrefetch)).outcome == Outcome::kDropped);
  bench.replay();
  CHECK(bench.said.spaces.empty());
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.replay();
  const Requester who = bench.stream();
  const uint8_t utlb = kUtlbOfClient[who.client];
  CHECK(bench.said.spaces == std::vector<std::pair<uint8_t, uint8_t>>{{who.gpc, utlb}});
  CHECK(bench.read(kVa + 2 * kPage).outcome == Outcome::kParked);
}

TEST_CASE("a hit needs no room in a full replay list") {
  Bench bench({.replay_list_depth = 1});
  bench.tables.map(kVa + kPage, Level::kPte4k, {.address = kFrame});
  bench.park(kVa, 1);
  CHECK(bench.read(kVa + kPage).outcome == Outcome::kTranslated);
}

TEST_CASE("a withdrawn request is answered no more, and makes room", "[model]") {
  Bench bench({.replay_list_depth = 1});
  bench.park(kVa, 1);
  CHECK(bench.read(kVa + kPage).outcome == Outcome::kStalled);
  bench.gmmu.abandon(1);
  CHECK(bench.said.spaces.size() == 1);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.replay();
  CHECK(bench.said.answers.empty());
  bench.gmmu.abandon(1);
  bench.gmmu.abandon(99);
  CHECK(bench.said.spaces.size() == 1);
}

TEST_CASE("an answer may be withdrawn while others are delivered", "[model]") {
  Bench bench;
  for (uint64_t tag = 1; tag <= 3; ++tag) bench.park(kVa, tag);
  bench.said.on_answer = [&bench](uint64_t tag) {
    if (tag == 1) bench.gmmu.abandon(2);
  };
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.replay();
  REQUIRE(bench.said.answers.size() == 2);
  CHECK(bench.said.answers[1].tag == 3);
}

TEST_CASE("a client may ask again from inside its answer") {
  Bench bench;
  bench.park(kVa, 1);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.said.on_answer = [&bench](uint64_t tag) {
    if (tag == 1) bench.park(kVa + kPage, 2);
  };
  bench.replay();
  bench.tables.map(kVa + kPage, Level::kPte4k, {.address = kFrame + kPage});
  bench.replay();
  CHECK(bench.said.answer_to(2).pa == kFrame + kPage);
}

TEST_CASE("reset forgets parked requests without an answer") {
  Bench bench;
  bench.park(kVa, 1);
  bench.gmmu.reset();
  CHECK(bench.get(regs::mmu_fault_buffer_put::offset(1)) == 0);
  CHECK(bench.get(regs::mmu_fault_buffer_size::offset(1)) == 0);
  CHECK(bench.get(regs::mmu_page_fault_ctrl::kOffset) == 3);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.replay();
  CHECK(bench.said.answers.empty());
  CHECK(bench.read(kVa).outcome == Outcome::kTranslated);
}

}  // namespace faultline::mmu::test
