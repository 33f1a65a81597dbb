// SPDX-License-Identifier: MIT
// What a page allows, in the RTL: on the walk, and on a hit.
#include <catch2/catch_test_macros.hpp>

#include "systemc_models/mmu/leaf.hpp"
#include "tests/rtl/core_bench.hpp"

namespace faultline::rtl::test {

namespace {

constexpr Access kAccesses[] = {Access::kRead, Access::kWrite, Access::kAtomic, Access::kPrefetch,
                                Access::kAtomicWeak};

struct Attributes {
  bool privilege;
  bool read_only;
  bool atomic_disable;
  uint8_t kind;
};

std::vector<Attributes> all_attributes() {
  std::vector<Attributes> all;
  for (const uint8_t kind : {uint8_t{0}, uint8_t{0xfe}, uint8_t{0xff}})
    for (unsigned bits = 0; bits < 8; ++bits)
      all.push_back({(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, kind});
  return all;
}

mmu::Leaf leaf_of(const Attributes& page) {
  mmu::Leaf leaf;
  leaf.privilege = page.privilege;
  leaf.read_only = page.read_only;
  leaf.atomic_disable = page.atomic_disable;
  leaf.kind = page.kind;
  return leaf;
}

void check(CoreBench& bench, const Attributes& page, uint64_t va, mmu::StrongAtomics strong) {
  for (const Access access : kAccesses) {
    for (const bool privileged : {false, true}) {
      Request request = bench.request(va, access);
      request.requester.privileged = privileged;
      const Answer answer = bench.translate(request).answer;
      const auto fault = mmu::check_access(leaf_of(page), access, privileged, strong);
      CAPTURE(page.privilege, page.read_only, page.atomic_disable, page.kind, access, privileged);
      CHECK(answer.outcome == (fault ? Outcome::kFaulted : Outcome::kTranslated));
      if (fault) CHECK(answer.fault_type == static_cast<uint8_t>(*fault));
    }
  }
}

}  // namespace

TEST_CASE("every combination of page attributes allows what the model allows") {
  for (const bool overridden : {false, true}) {
    CoreBench bench;
    bench.set_modes({.strong_override = overridden});
    const auto strong = overridden ? mmu::StrongAtomics::kOverride : mmu::StrongAtomics::kChecked;
    uint64_t va = kVa;
    for (const Attributes& page : all_attributes()) {
      bench.tables.map(va, Level::kPte4k,
                       {.address = kFrame,
                        .privilege = page.privilege,
                        .read_only = page.read_only,
                        .atomic_disable = page.atomic_disable,
                        .kind = page.kind});
      check(bench, page, va, strong);
      check(bench, page, va, strong);  // with what the first round left in the TLBs
      va += 0x1000;
    }
  }
}

TEST_CASE("an answer carries the page's attributes, walked, from the L2 TLB, and hit") {
  CoreBench bench;
  bench.tables.map(kVa, Level::kPte4k,
                   {.address = kFrame,
                    .aperture = regs::PteAperture::kPeer,
                    .peer = 5,
                    .vol = true,
                    .read_only = true,
                    .atomic_disable = true,
                    .kind = 0xfe});
  for (const unsigned port : {0u, 1u, 0u, 1u}) {
    const Answer answer = bench.read(kVa, port).answer;
    CHECK(answer.aperture == Aperture::kPeer);
    CHECK(answer.peer == 5);
    CHECK(answer.vol);
    CHECK(answer.read_only);
    CHECK(answer.atomic_disable);
    CHECK(answer.kind == 0xfe);
    CHECK(answer.pa == kFrame);
  }
}

TEST_CASE("an unbound instance block comes before an address beyond the limit") {
  CoreBench bench;
  builder::SpaceEntry nowhere;
  nowhere.target = regs::PdbTarget::kInvalid;
  bench.instance.set_main(nowhere);
  const Answer answer = bench.read(uint64_t{1} << 60).answer;
  CHECK(answer.fault_type == static_cast<uint8_t>(FaultType::kUnboundInstBlock));
}

TEST_CASE("with MMU_DISABLE addresses are physical, whatever the instance block says") {
  CoreBench bench;
  bench.set_modes({.mmu_disable = true, .aperture = Aperture::kSysCoherent, .vol = true});
  Request request = bench.request(0x1234'5678'9abc'def0);
  request.requester.instance.address = 0;
  const Answer answer = bench.translate(request).answer;
  CHECK(answer.outcome == Outcome::kTranslated);
  CHECK(answer.pa == 0x1234'5678'9abc'def0);
  CHECK(answer.aperture == Aperture::kSysCoherent);
  CHECK(answer.vol);
  CHECK(bench.reads.reads() == 0);
}

}  // namespace faultline::rtl::test
