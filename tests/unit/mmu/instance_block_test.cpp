// SPDX-License-Identifier: MIT
// Which address space a requester is bound to, and when that is read again.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace {

constexpr uint64_t kOtherFrame = 0x6'0000'0000;

/// A second address space with a page at kVa.
builder::PageTables other_tables(Bench& bench) {
  builder::PageTables tables(bench.memory,
                             builder::BumpAllocator(0x3000'0000, {regs::PdeAperture::kVidmem}));
  tables.map(kVa, Level::kPte4k, {.address = kOtherFrame});
  return tables;
}

Request by_veid(const Bench& bench, unsigned veid) {
  Requester who = bench.stream();
  who.engine_id = static_cast<uint16_t>(static_cast<unsigned>(regs::EngineId::kGraphics) + veid);
  return bench.request_by(who, kVa);
}

void check_unbound(const Answer& answer) {
  CHECK(answer.outcome == Outcome::kFaulted);
  CHECK(static_cast<FaultType>(answer.fault_type) == FaultType::kUnboundInstBlock);
}

}  // namespace

TEST_CASE("subcontexts have their own address spaces") {
  const unsigned veid = GENERATE(1u, 31u, 32u, 63u);
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  const builder::PageTables other = other_tables(bench);
  bench.instance.set_subcontext(veid, builder::space_of(other.root()));
  CHECK(bench.gmmu.translate(by_veid(bench, veid)).pa == kOtherFrame);
  CHECK(bench.read(kVa).pa == kFrame);
}

TEST_CASE("clients without subcontexts use the main address space") {
  Bench bench;
  const builder::PageTables other = other_tables(bench);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.instance.set_main(builder::space_of(other.root()));
  CHECK(bench.gmmu.translate(bench.request_by(bench.copy(), kVa)).pa == kOtherFrame);
  CHECK(bench.read(kVa).pa == kFrame);
}

TEST_CASE("a subcontext that is not marked valid is unbound") {
  Bench bench;
  bench.instance.set_subcontext(5, builder::space_of(bench.tables.root()));
  bench.instance.clear_subcontext_valid(5);
  check_unbound(bench.gmmu.translate(by_veid(bench, 5)));
}

TEST_CASE("target INVALID is unbound") {
  Bench bench;
  bench.instance.set_main({.target = regs::PdbTarget::kInvalid});
  check_unbound(bench.gmmu.translate(bench.request_by(bench.copy(), kVa)));
}

TEST_CASE("the old format and 128 KiB pages are unbound") {
  Bench bench;
  builder::SpaceEntry space = builder::space_of(bench.tables.root());
  SECTION("format") { space.ver2_format = false; }
  SECTION("big pages") { space.big_pages_64k = false; }
  bench.instance.set_main(space);
  check_unbound(bench.gmmu.translate(bench.request_by(bench.copy(), kVa)));
  bench.instance.set_subcontext(0, space);
  check_unbound(bench.read(kVa));
}

TEST_CASE("an instance block where no memory is, or in a peer, is unbound") {
  Bench bench;
  Requester who = bench.copy();
  SECTION("no memory") { bench.memory.end_at(Aperture::kVidmem, kInstance + 0x800); }
  SECTION("peer") { who.instance.aperture = Aperture::kPeer; }
  check_unbound(bench.gmmu.translate(bench.request_by(who, kVa)));
}

TEST_CASE("an unbound requester is looked at again each time") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.instance.set_main({.target = regs::PdbTarget::kInvalid});
  check_unbound(bench.gmmu.translate(bench.request_by(bench.copy(), kVa)));
  bench.instance.set_main(builder::space_of(bench.tables.root()));
  CHECK(bench.gmmu.translate(bench.request_by(bench.copy(), kVa)).pa == kFrame);
}

TEST_CASE("a binding is kept until its address space is invalidated whole, or a bind", "[caches]") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  const builder::PageTables other = other_tables(bench);
  const Request request = bench.request_by(bench.copy(), kVa);
  CHECK(bench.gmmu.translate(request).pa == kFrame);
  bench.instance.set_main(builder::space_of(other.root()));
  CHECK(bench.gmmu.translate(request).pa == kFrame);
  namespace op = regs::mmu_invalidate;
  bench.select(bench.tables.root(), kVa);
  bench.invalidate(0);
  CHECK(bench.gmmu.translate(request).pa == kFrame);
  SECTION("all of the address space") { bench.invalidate(op::all_va.mask()); }
  SECTION("all of all address spaces") { bench.invalidate_everything(); }
  SECTION("a direct bind") { bench.set(regs::mmu_bind::kOffset, regs::mmu_bind::trigger.mask()); }
  CHECK(bench.gmmu.translate(request).pa == kOtherFrame);
}

TEST_CASE("the instance cache is finite") {
  Bench bench({.instance_cache_entries = 1});
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  const builder::PageTables other = other_tables(bench);
  bench.instance.set_subcontext(1, builder::space_of(other.root()));
  for (int turn = 0; turn < 2; ++turn) {
    CHECK(bench.gmmu.translate(by_veid(bench, 0)).pa == kFrame);
    CHECK(bench.gmmu.translate(by_veid(bench, 1)).pa == kOtherFrame);
  }
}

TEST_CASE("replay is for T1 and GCC clients whose bit is set") {
  const bool tex = GENERATE(false, true);
  const bool gcc = GENERATE(false, true);
  Bench bench;
  builder::SpaceEntry space = builder::space_of(bench.tables.root());
  space.replay_tex = tex;
  space.replay_gcc = gcc;
  bench.instance.set_subcontext(0, space);
  const auto parks = [&bench](regs::GpcClient client) {
    Requester who = bench.stream();
    who.client = static_cast<uint8_t>(client);
    return bench.gmmu.translate(bench.request_by(who, kVa)).outcome == Outcome::kParked;
  };
  CHECK(parks(regs::GpcClient::kT1_0) == tex);
  CHECK(parks(regs::GpcClient::kT1_39) == tex);
  CHECK(parks(regs::GpcClient::kGcc) == gcc);
  CHECK_FALSE(parks(regs::GpcClient::kPe0));
  CHECK_FALSE(parks(regs::GpcClient::kRast));
}

TEST_CASE("the last subcontext that is bound decides the modes of all") {
  Bench bench;
  builder::SpaceEntry space = builder::space_of(bench.tables.root());
  space.replay_tex = false;
  bench.instance.set_subcontext(7, space);
  bench.instance.set_subcontext(9, {.target = regs::PdbTarget::kInvalid, .replay_tex = true});
  CHECK(bench.read(kVa).outcome == Outcome::kFaulted);
}

}  // namespace faultline::mmu::test
