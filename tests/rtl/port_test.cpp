// SPDX-License-Identifier: MIT
// The translation ports of the RTL: order, back pressure, and what control sends.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/rtl/core_bench.hpp"

namespace faultline::rtl::test {

TEST_CASE("a hit is answered in the second cycle, one a cycle") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  std::vector<unsigned> tickets;
  for (unsigned i = 0; i < 32; ++i) tickets.push_back(bench.send(bench.request(kVa + i)));
  bench.finish();
  for (unsigned i = 0; i < 32; ++i) {
    const End& end = bench.end_of(tickets[i]);
    CHECK(end.cycles() == 2);
    CHECK(end.answer.pa == kFrame + i);
    CHECK(end.answered == bench.end_of(tickets[0]).answered + i);
  }
}

TEST_CASE("hits go on under misses") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  bench.reads.set_latency(200);
  const unsigned miss = bench.send(bench.request(kVa + 0x1000));
  std::vector<unsigned> hits;
  for (unsigned i = 0; i < 50; ++i) hits.push_back(bench.send(bench.request(kVa)));
  bench.run(60);
  CHECK_FALSE(bench.ended(miss));
  for (const unsigned hit : hits) CHECK(bench.ended(hit));
  bench.finish();
}

TEST_CASE("a fault that control does not take holds up no hits, of its own port or another") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa, 0);
  bench.read(kVa, 1);
  bench.refuse_reports(true);
  const unsigned fault = bench.send(bench.request(kVa + 0x40'0000), 0);
  bench.run(100);
  CHECK_FALSE(bench.ended(fault));
  CHECK(bench.read(kVa, 0).cycles() == 2);
  CHECK(bench.read(kVa, 1).cycles() == 2);
  bench.refuse_reports(false);
  bench.finish();
  CHECK(bench.end_of(fault).answer.outcome == Outcome::kFaulted);
}

TEST_CASE("a report holds the whole request and its binding") {
  CoreBench bench;
  Request request = bench.request(0x1'2345'6789'abcd, Access::kAtomicWeak);
  request.requester.engine_id = static_cast<uint16_t>(regs::EngineId::kGraphics);
  request.requester.client_type = mmu::ClientType::kGpc;
  request.requester.client = 0x5a;
  request.requester.gpc = 0x15;
  request.requester.privileged = true;
  const End end = bench.translate(request, 1);
  REQUIRE(end.report);
  const Report& report = *end.report;
  CHECK(report.port == 1);
  CHECK_FALSE(report.replayed);
  CHECK(report.request.va == request.va);
  CHECK(report.request.access == request.access);
  CHECK(report.request.requester.instance == request.requester.instance);
  CHECK(report.request.requester.engine_id == request.requester.engine_id);
  CHECK(report.request.requester.client_type == request.requester.client_type);
  CHECK(report.request.requester.client == request.requester.client);
  CHECK(report.request.requester.gpc == request.requester.gpc);
  CHECK(report.request.requester.privileged);
  CHECK(report.response.tag == report.request.tag);
  CHECK(report.binding.bound);
  CHECK(report.binding.replay_tex);
  CHECK_FALSE(report.binding.replay_gcc);
  CHECK(report.binding.pdb == bench.tables.root().address);
}

TEST_CASE("a reissued request ends as a report, hit, walked, sparse or faulted") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.tables.write(kVa + 0x1000, Level::kPte4k, builder::kSparsePte);
  for (unsigned i = 0; i < 2; ++i) {
    const End end = bench.reissue(bench.request(kVa + 5), 1, 0xa5);
    CHECK(end.report->replay_slot == 0xa5);
    CHECK(end.report->port == 1);
    CHECK(end.answer.outcome == Outcome::kTranslated);
    CHECK(end.answer.pa == kFrame + 5);
  }
  CHECK(bench.reissue(bench.request(kVa + 0x1000), 0, 1).answer.outcome == Outcome::kSparse);
  CHECK(bench.reissue(bench.request(kVa + 0x2000), 0, 2).answer.outcome == Outcome::kFaulted);
}

TEST_CASE("in a lockdown clients wait and reissued requests do not") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.read(kVa);
  bench.set_lockdown(true);
  const unsigned ticket = bench.send(bench.request(kVa));
  bench.run(20);
  CHECK_FALSE(bench.ended(ticket));
  CHECK(bench.reissue(bench.request(kVa), 0, 0).answer.pa == kFrame);
  CHECK_FALSE(bench.ended(ticket));
  bench.set_lockdown(false);
  bench.finish();
}

TEST_CASE("control answers a client past its TLB") {
  CoreBench bench;
  Response response;
  response.tag = 0xbeef;
  response.answer.outcome = Outcome::kParked;
  bench.answer_late(kHubPort, response);
}

TEST_CASE("nothing is lost or doubled under back pressure") {
  CoreBench bench;
  bench.reads.set_latency(1, 30, 7);
  bench.set_readiness(0.3);
  for (unsigned i = 0; i < 64; ++i)
    if (i % 3) bench.tables.map(kVa + i * 0x1000, Level::kPte4k, {.address = kFrame + i * 0x1000});
  std::vector<std::pair<unsigned, unsigned>> sent;
  for (unsigned n = 0; n < 1000; ++n) {
    const unsigned page = n * 37 % 64;
    sent.emplace_back(bench.send(bench.request(kVa + page * 0x1000), n % kPorts), page);
  }
  bench.finish();
  for (const auto& [ticket, page] : sent) {
    const Answer& answer = bench.end_of(ticket).answer;
    CHECK(answer.outcome == (page % 3 ? Outcome::kTranslated : Outcome::kFaulted));
    if (page % 3) CHECK(answer.pa == kFrame + page * 0x1000);
  }
  bench.run(40);
  CHECK(bench.idle());
}

TEST_CASE("misses of one page share a walk, and each is checked with its own access") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  bench.reads.set_latency(20);
  bench.invalidate_everything();
  const unsigned tickets[] = {
      bench.send(bench.request(kVa), 0), bench.send(bench.request(kVa, Access::kWrite), 1),
      bench.send(bench.request(kVa), kHubPort), bench.send(bench.request(kVa + 4), 0),
      bench.send(bench.request(kVa, Access::kAtomic), 1)};
  bench.finish();
  CHECK(bench.reads.reads() == 2 + 5);  // the instance block, and one walk
  for (const unsigned i : {0, 2, 3})
    CHECK(bench.end_of(tickets[i]).answer.outcome == Outcome::kTranslated);
  for (const unsigned i : {1, 4})
    CHECK(bench.end_of(tickets[i]).answer.fault_type ==
          static_cast<uint8_t>(FaultType::kRoViolation));
}

// A stale small page and the large one that replaced it are known of one address: the small one
// refuses a write, which walks, and is forgotten; the large one then answers a read.
TEST_CASE("a request that the L2 TLB answers leaves the walk of its page to who waits for it") {
  constexpr uint64_t kBigFrame = 0x5'0000'0000;
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .read_only = true});
  bench.read(kVa);
  bench.tables.map(kBigVa, Level::kPte64k, {.address = kBigFrame});
  bench.invalidate_page(kBigVa);  // the directory entry, and not kVa's page
  bench.read(kBigVa);
  bench.reads.set_latency(100);
  const uint64_t before = bench.reads.reads();
  const unsigned write = bench.send(bench.request(kVa, Access::kWrite), kHubPort);
  bench.run(20);
  const unsigned read = bench.send(bench.request(kVa), kHubPort);
  bench.run(20);
  CHECK(bench.end_of(read).answer.pa == kBigFrame + (kVa - kBigVa));
  CHECK_FALSE(bench.ended(write));
  bench.finish();
  CHECK(bench.end_of(write).answer.pa == kBigFrame + (kVa - kBigVa));
  CHECK(bench.reads.reads() == before + 1);
}

TEST_CASE("more misses of one page than the hub has waiters all end") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.reads.set_latency(20);
  std::vector<unsigned> tickets;
  for (unsigned i = 0; i < kMissSlots; ++i)
    for (unsigned port = 0; port < kPorts; ++port)
      tickets.push_back(bench.send(bench.request(kVa + i), port));
  REQUIRE(tickets.size() > kWaiters);
  bench.finish();
  for (const unsigned ticket : tickets)
    CHECK(bench.end_of(ticket).answer.pa / 0x1000 == kFrame / 0x1000);
  CHECK(bench.reads.reads() == 2 + 5);
}

TEST_CASE("four walks go on at a time") {
  CoreBench bench;
  constexpr unsigned kWalks = 4;
  for (unsigned i = 0; i < kWalks; ++i)
    bench.tables.map(kVa + (uint64_t{i} << 38), Level::kPte4k, {.address = kFrame});
  bench.set_modes({.pde_cache_off = true});
  bench.read(kVa + (uint64_t{9} << 38));
  constexpr unsigned kLatency = 100;
  bench.reads.set_latency(kLatency);
  const uint64_t begin = bench.now();
  for (unsigned i = 0; i < kWalks; ++i) bench.send(bench.request(kVa + (uint64_t{i} << 38)));
  bench.finish();
  CHECK(bench.now() - begin < 5 * (kLatency + 1) + 20);
}

}  // namespace faultline::rtl::test
