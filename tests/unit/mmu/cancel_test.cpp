// SPDX-License-Identifier: MIT
// What each form of cancel ends, what it replays, and what it reports.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace op = regs::mmu_invalidate;
using regs::CancelAccess;
using regs::FaultBuffer;
using regs::ReplayOp;

namespace {

constexpr uint64_t kPage = 0x1000;

void park_by(Bench& bench, const Requester& who, uint64_t va, uint64_t tag,
             Access access = Access::kRead) {
  Request wanted = bench.request_by(who, va, access);
  wanted.tag = tag;
  REQUIRE(bench.gmmu.translate(wanted).outcome == Outcome::kParked);
}

Requester client_of(const Bench& bench, regs::GpcClient client, uint8_t gpc) {
  Requester who = bench.stream();
  who.client = static_cast<uint8_t>(client);
  who.gpc = gpc;
  return who;
}

uint32_t targeted_at(regs::GpcClient client, uint8_t gpc) {
  uint32_t word = op::replay.set(0, ReplayOp::kCancelTargeted);
  word = op::cancel_client_id.set(word, static_cast<uint32_t>(client));
  return op::cancel_gpc_id.set(word, gpc);
}

/// CANCEL_VA_GLOBAL of kVa in the bench's address space.
void cancel_page(Bench& bench, CancelAccess access, uint64_t va = kVa) {
  bench.select(bench.tables.root(), va);
  bench.invalidate(op::cancel_access.set(op::replay.set(0, ReplayOp::kCancelVaGlobal), access));
}

bool cancelled(const Bench& bench, uint64_t tag) {
  for (const Recorder::Answered& answered : bench.said.answers)
    if (answered.tag == tag) return answered.answer.outcome == Outcome::kCancelled;
  return false;
}

}  // namespace

TEST_CASE("CANCEL_GLOBAL ends every request that faults again") {
  Bench bench;
  bench.park(kVa, 1, Access::kWrite);
  park_by(bench, client_of(bench, regs::GpcClient::kT1_2, 3), kVa + kPage, 2);
  bench.replay(ReplayOp::kCancelGlobal);
  CHECK(bench.said.answer_to(1).outcome == Outcome::kCancelled);
  CHECK(static_cast<FaultType>(bench.said.answer_to(1).fault_type) == FaultType::kPde);
  CHECK(bench.said.answer_to(2).outcome == Outcome::kCancelled);
  CHECK(bench.gmmu.statistics().cancels == 2);
  bench.replay();
  CHECK(bench.said.answers.size() == 2);
}

TEST_CASE("a request that does not fault again is not cancelled") {
  const auto cancel =
      GENERATE(ReplayOp::kCancelGlobal, ReplayOp::kCancelTargeted, ReplayOp::kCancelVaGlobal);
  Bench bench;
  bench.park(kVa, 1);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.select(bench.tables.root(), kVa);
  bench.invalidate(op::replay.set(targeted_at(regs::GpcClient::kT1_0, 1), cancel));
  CHECK(bench.said.answer_to(1).outcome == Outcome::kTranslated);
  CHECK(bench.packets(FaultBuffer::kNonReplayable).empty());
}

TEST_CASE("a cancel reports the first fault only, as non-replayable") {
  const auto cancel = GENERATE(ReplayOp::kCancelGlobal, ReplayOp::kCancelTargeted);
  Bench bench;
  for (uint64_t tag = 1; tag <= 3; ++tag) bench.park(kVa + tag * kPage, tag, Access::kWrite);
  bench.tables.map(kVa + kPage, Level::kPte4k, {.address = kFrame});
  bench.invalidate(op::replay.set(targeted_at(regs::GpcClient::kT1_0, 1), cancel));
  CHECK(bench.said.answer_to(1).outcome == Outcome::kTranslated);
  CHECK(cancelled(bench, 2));
  CHECK(cancelled(bench, 3));
  const std::vector<Words> packets = bench.packets(FaultBuffer::kNonReplayable);
  REQUIRE(packets.size() == 1);
  CHECK(packets[0][2] == static_cast<uint32_t>(kVa + 2 * kPage));
  using namespace regs::fault_packet;
  const std::span<const uint32_t> packet(packets[0]);
  CHECK(replayable_fault.get(packet) == 0);
  CHECK(replayable_fault_en.get(packet) == 1);
  CHECK(mmu_client_type.decode(packet) == regs::ClientType::kGpc);
  CHECK(access_type.decode(packet) == regs::AccessType::kWrite);
  CHECK(bench.packets(FaultBuffer::kReplayable).size() == 3);
}

TEST_CASE("each cancel reports anew") {
  Bench bench;
  for (uint64_t tag = 1; tag <= 2; ++tag) {
    bench.park(kVa, tag);
    bench.replay(ReplayOp::kCancelGlobal);
  }
  CHECK(bench.packets(FaultBuffer::kNonReplayable).size() == 2);
}

TEST_CASE("with the non-replayable buffer disabled a cancel is latched") {
  Bench bench;
  bench.set(regs::mmu_fault_buffer_size::offset(0), 0);
  bench.park(kVa, 1);
  bench.park(kVa + kPage, 2);
  bench.replay(ReplayOp::kCancelGlobal);
  namespace status = regs::mmu_fault_status;
  CHECK(bench.get(status::kOffset) == (status::valid.mask() | status::replayable.mask()));
  CHECK(bench.get(regs::mmu_fault_addr_lo::kOffset) == static_cast<uint32_t>(kVa));
}

TEST_CASE("CANCEL_TARGETED ends the requests of one uTLB and replays the others") {
  using enum regs::GpcClient;
  Bench bench;
  park_by(bench, client_of(bench, kT1_0, 1), kVa, 1);
  park_by(bench, client_of(bench, kT1_1, 1), kVa, 2);  // the same uTLB
  park_by(bench, client_of(bench, kT1_2, 1), kVa, 3);
  park_by(bench, client_of(bench, kT1_0, 2), kVa, 4);
  park_by(bench, client_of(bench, kT1_2, 1), kVa + kPage, 5);
  bench.tables.map(kVa + kPage, Level::kPte4k, {.address = kFrame});
  bench.invalidate(targeted_at(kT1_1, 1));
  CHECK(cancelled(bench, 1));
  CHECK(cancelled(bench, 2));
  CHECK(bench.said.answer_to(5).outcome == Outcome::kTranslated);
  CHECK(bench.said.answers.size() == 3);
  if (kCountsEverything) CHECK(bench.gmmu.statistics().replays == 5);
}

TEST_CASE("CANCEL_TARGETED at a hub client only replays") {
  Bench bench;
  bench.park(kVa, 1);
  const uint32_t word =
      op::cancel_client_type.set(targeted_at(regs::GpcClient::kT1_0, 1), regs::ClientType::kHub);
  bench.invalidate(word);
  CHECK(bench.said.answers.empty());
  CHECK(bench.packets(FaultBuffer::kReplayable).size() == 2);
}

TEST_CASE("CANCEL_VA_GLOBAL ends the requests to one 4 KiB page, of all uTLBs") {
  Bench bench;
  bench.park(kVa + 0x10, 1);
  park_by(bench, client_of(bench, regs::GpcClient::kT1_4, 2), kVa + 0xff0, 2);
  bench.park(kVa + kPage, 3);
  bench.park(kVa - kPage, 4);
  cancel_page(bench, CancelAccess::kAll);
  CHECK(cancelled(bench, 1));
  CHECK(cancelled(bench, 2));
  CHECK(bench.said.answers.size() == 2);
  CHECK(bench.packets(FaultBuffer::kReplayable).size() == 6);
  CHECK(bench.packets(FaultBuffer::kNonReplayable).size() == 1);
}

TEST_CASE("CANCEL_VA_GLOBAL does not look at ALL_VA or SIZE for what it cancels") {
  Bench bench;
  bench.park(kVa, 1);
  bench.park(kVa + kPage, 2);
  bench.select(bench.tables.root(), kVa);
  bench.set(regs::mmu_invalidate_size::kOffset, 8);
  uint32_t word = op::replay.set(0, ReplayOp::kCancelVaGlobal);
  word = op::cancel_access.set(word, CancelAccess::kAll);
  bench.invalidate(word | op::all_va.mask() | op::use_size.mask());
  CHECK(cancelled(bench, 1));
  CHECK(bench.said.answers.size() == 1);
}

TEST_CASE("CANCEL_VA_GLOBAL ends the accesses of its class") {
  struct Case {
    CancelAccess wanted;
    std::vector<Access> cancelled;
  };
  const auto [wanted, accesses] = GENERATE(
      Case{CancelAccess::kRead, {Access::kRead}}, Case{CancelAccess::kWrite, {Access::kWrite}},
      Case{CancelAccess::kAtomicStrong, {Access::kAtomic}}, Case{CancelAccess::kRsvrvd, {}},
      Case{CancelAccess::kAtomicWeak, {Access::kAtomicWeak}},
      Case{CancelAccess::kAtomicAll, {Access::kAtomic, Access::kAtomicWeak}},
      Case{CancelAccess::kWriteAndAtomic, {Access::kWrite, Access::kAtomic, Access::kAtomicWeak}},
      Case{CancelAccess::kAll,
           {Access::kRead, Access::kWrite, Access::kAtomic, Access::kAtomicWeak}});
  Bench bench;
  for (const Access access : {Access::kRead, Access::kWrite, Access::kAtomic, Access::kAtomicWeak})
    bench.park(kVa, static_cast<uint64_t>(access), access);
  cancel_page(bench, wanted);
  CHECK(bench.said.answers.size() == accesses.size());
  for (const Access access : accesses) CHECK(cancelled(bench, static_cast<uint64_t>(access)));
}

TEST_CASE("CANCEL_VA_GLOBAL spares the same page of another address space") {
  Bench bench;
  builder::PageTables other(bench.memory,
                            builder::BumpAllocator(0x3000'0000, {regs::PdeAperture::kVidmem}));
  bench.instance.set_subcontext(1, builder::space_of(other.root()));
  Requester who = bench.stream();
  who.engine_id += 1;
  park_by(bench, who, kVa, 1);
  cancel_page(bench, CancelAccess::kAll);
  CHECK(bench.said.answers.empty());
  if (kCountsEverything) CHECK(bench.gmmu.statistics().replays == 1);
  bench.select(other.root(), kVa);
  bench.invalidate(
      op::cancel_access.set(op::replay.set(0, ReplayOp::kCancelVaGlobal), CancelAccess::kAll));
  CHECK(cancelled(bench, 1));
}

TEST_CASE("the class of CANCEL_VA_GLOBAL is no level: directory entries go too") {
  Bench bench({.utlb_entries = 0, .l2_sets = 0, .l2_ways = 0});
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  bench.tables.write(kVa, Level::kPde1, 0);
  bench.tables.map(kVa, Level::kPte4k, {.address = 0x6'0000'0000});
  // As a level, WRITE would be PTE_ONLY.
  cancel_page(bench, CancelAccess::kWrite);
  CHECK(bench.read(kVa).pa == 0x6'0000'0000);
}

TEST_CASE("a cancel invalidates as any other operation does") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  bench.tables.write(kVa, Level::kPte4k, 0);
  bench.select(bench.tables.root(), kVa);
  bench.invalidate(targeted_at(regs::GpcClient::kT1_8, 3));
  CHECK(bench.read(kVa).outcome == Outcome::kParked);
}

TEST_CASE("an address beyond the limit is cancelled with its uTLB") {
  Bench bench;
  bench.park(0xfedc'ba98'7654'3210, 1);
  bench.invalidate(targeted_at(regs::GpcClient::kT1_0, 1));
  CHECK(static_cast<FaultType>(bench.said.answer_to(1).fault_type) == FaultType::kVaLimitViolation);
}

}  // namespace faultline::mmu::test
