// SPDX-License-Identifier: MIT
// Instance blocks, in the RTL.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/rtl/core_bench.hpp"

namespace faultline::rtl::test {

namespace {

constexpr uint64_t kOtherFrame = 0x6'0000'0000;
constexpr auto kGraphics = static_cast<uint16_t>(regs::EngineId::kGraphics);

class TwoSpaces : public CoreBench {
 public:
  TwoSpaces()
      : others(memory, builder::BumpAllocator(0x4000'0000, {regs::PdeAperture::kSysCoherent})) {
    tables.map(kVa, Level::kPte4k, {.address = kFrame});
    others.map(kVa, Level::kPte4k, {.address = kOtherFrame});
    instance.clear_subcontext_valid(0);
  }

  End read_as(uint16_t engine_id) {
    Request asked = request(kVa);
    asked.requester.engine_id = engine_id;
    return translate(asked);
  }
  builder::SpaceEntry here() const { return builder::space_of(tables.root()); }
  builder::SpaceEntry there() const { return builder::space_of(others.root()); }

  builder::PageTables others;
};

bool is_unbound(const End& end) {
  return end.answer.outcome == Outcome::kFaulted &&
         end.answer.fault_type == static_cast<uint8_t>(FaultType::kUnboundInstBlock) &&
         end.report && !end.report->binding.bound;
}

}  // namespace

TEST_CASE("subcontexts have their own address spaces, other engines the main one") {
  TwoSpaces bench;
  bench.instance.set_subcontext(0, bench.there());
  bench.instance.set_subcontext(63, bench.here());
  CHECK(bench.read_as(kGraphics).answer.pa == kOtherFrame);
  CHECK(bench.read_as(kGraphics + 63).answer.pa == kFrame);
  CHECK(bench.read_as(kGraphics - 1).answer.pa == kFrame);
  CHECK(bench.read_as(kGraphics + 64).answer.pa == kFrame);
  CHECK(is_unbound(bench.read_as(kGraphics + 1)));
}

TEST_CASE("a subcontext that is not marked valid, or whose target is INVALID, is unbound") {
  TwoSpaces bench;
  bench.instance.set_subcontext(5, bench.there());
  builder::SpaceEntry invalid = bench.there();
  invalid.target = regs::PdbTarget::kInvalid;
  bench.instance.set_subcontext(6, invalid);
  CHECK(bench.read_as(kGraphics + 5).answer.outcome == Outcome::kTranslated);
  CHECK(is_unbound(bench.read_as(kGraphics + 6)));
  bench.invalidate({.bindings_only = true});
  bench.instance.clear_subcontext_valid(5);
  CHECK(is_unbound(bench.read_as(kGraphics + 5)));
}

TEST_CASE("the old format and 128 KiB pages are unbound") {
  TwoSpaces bench;
  builder::SpaceEntry space = bench.here();
  SECTION("the format") { space.ver2_format = false; }
  SECTION("the page size") { space.big_pages_64k = false; }
  bench.instance.set_main(space);
  CHECK(is_unbound(bench.read_as(15)));
}

TEST_CASE("an instance block where no memory is, or in a peer, is unbound") {
  TwoSpaces bench;
  Request request = bench.request(kVa);
  SECTION("in a peer") { request.requester.instance.aperture = Aperture::kPeer; }
  SECTION("nowhere") { bench.memory.end_at(Aperture::kVidmem, kInstance); }
  request.requester.engine_id = GENERATE(uint16_t{15}, kGraphics);
  CHECK(is_unbound(bench.translate(request)));
}

TEST_CASE("the last subcontext that is bound decides the modes of all") {
  TwoSpaces bench;
  builder::SpaceEntry tex = bench.here();
  builder::SpaceEntry gcc = bench.there();
  gcc.replay_tex = false;
  gcc.replay_gcc = true;
  builder::SpaceEntry unbound = bench.there();
  unbound.target = regs::PdbTarget::kInvalid;
  bench.instance.set_subcontext(3, tex);
  bench.instance.set_subcontext(40, gcc);
  bench.instance.set_subcontext(63, unbound);
  Request request = bench.request(kVa + 0x10'0000);
  request.requester.engine_id = GENERATE(as<uint16_t>{}, kGraphics + 3, kGraphics + 40);
  const Binding binding = bench.translate(request).report->binding;
  CHECK(binding.bound);
  CHECK_FALSE(binding.replay_tex);
  CHECK(binding.replay_gcc);
  const bool third = request.requester.engine_id == kGraphics + 3;
  CHECK(binding.pdb == (third ? bench.tables : bench.others).root().address);
  CHECK((binding.aperture == Aperture::kVidmem) == third);

  bench.invalidate({.bindings_only = true});
  bench.instance.set_subcontext(63, {.target = regs::PdbTarget::kVidmem, .ver2_format = false});
  CHECK(is_unbound(bench.translate(request)));
}

TEST_CASE("a binding is kept, unbound is looked at again each time") {
  TwoSpaces bench;
  builder::SpaceEntry nowhere;
  nowhere.target = regs::PdbTarget::kInvalid;
  bench.instance.set_main(nowhere);
  CHECK(is_unbound(bench.read_as(15)));
  CHECK(is_unbound(bench.read_as(15)));
  bench.instance.set_main(bench.here());
  CHECK(bench.read_as(15).answer.pa == kFrame);
  bench.instance.set_main(bench.there());
  CHECK(bench.read_as(15).answer.pa == kFrame);
}

TEST_CASE("a walk that an invalidate of bindings overtook does not bring the old binding back") {
  constexpr unsigned kLatency = 40;
  for (unsigned delay = 0; delay < 2 * kLatency; ++delay) {
    CAPTURE(delay);
    TwoSpaces bench;
    bench.reads.set_latency(kLatency, kLatency, 1);
    REQUIRE(bench.read_as(15).answer.pa == kFrame);
    const unsigned walk = bench.send(bench.request(kVa + 0x10'0000));
    bench.run(kLatency / 2);
    REQUIRE_FALSE(bench.ended(walk));
    bench.instance.set_main(bench.there());
    bench.invalidate({.bindings_only = true});
    bench.run(delay);
    CHECK(bench.read_as(15).answer.pa == kOtherFrame);
  }
}

TEST_CASE("more bindings than the cache holds still translate") {
  TwoSpaces bench;
  for (unsigned veid = 0; veid < 20; ++veid)
    bench.instance.set_subcontext(veid, veid % 2 ? bench.here() : bench.there());
  for (unsigned round = 0; round < 2; ++round)
    for (uint16_t veid = 0; veid < 20; ++veid)
      CHECK(bench.read_as(kGraphics + veid).answer.pa == (veid % 2 ? kFrame : kOtherFrame));
}

TEST_CASE("a base address has all of its bits") {
  TwoSpaces bench;
  builder::SpaceEntry far = bench.here();
  far.target = regs::PdbTarget::kSysNonCoherent;
  far.pdb = 0xfedc'ba98'7654'3000;
  bench.instance.set_main(far);
  bench.read_as(15);
  const auto is_far = [](const ReadChannel::Read& read) {
    return read.aperture == Aperture::kSysNonCoherent;
  };
  REQUIRE(std::ranges::count_if(bench.seen, is_far) == 1);
  CHECK(std::ranges::find_if(bench.seen, is_far)->address == (far.pdb | (kVa >> 47 & 2) * 8));
}

}  // namespace faultline::rtl::test
