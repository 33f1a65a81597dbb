// SPDX-License-Identifier: MIT
// What pages allow, and which fault wins.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace {

constexpr Access kAllAccesses[] = {Access::kRead, Access::kWrite, Access::kAtomic,
                                   Access::kPrefetch, Access::kAtomicWeak};

/// The fault type, or nothing if it translated.
std::optional<FaultType> outcome_of(const Page& page, Access access, bool privileged = false) {
  Bench bench;
  Page mapped = page;
  mapped.address = kFrame;
  bench.tables.map(kVa, Level::kPte4k, mapped);
  Request request = bench.request(kVa, access);
  request.requester.privileged = privileged;
  const Answer first = bench.gmmu.translate(request);
  const Answer again = bench.gmmu.translate(request);
  CHECK(first.outcome == again.outcome);
  if (first.outcome == Outcome::kTranslated) return {};
  return static_cast<FaultType>(first.fault_type);
}

}  // namespace

TEST_CASE("a plain page allows every access") {
  for (const Access access : kAllAccesses) CHECK_FALSE(outcome_of({}, access));
}

TEST_CASE("a read-only page refuses writes and both kinds of atomics") {
  const Page page{.read_only = true};
  CHECK_FALSE(outcome_of(page, Access::kRead));
  CHECK_FALSE(outcome_of(page, Access::kPrefetch));
  CHECK(outcome_of(page, Access::kWrite) == FaultType::kRoViolation);
  CHECK(outcome_of(page, Access::kAtomic) == FaultType::kRoViolation);
  CHECK(outcome_of(page, Access::kAtomicWeak) == FaultType::kRoViolation);
}

TEST_CASE("ATOMIC_DISABLE refuses strong atomics only") {
  const Page page{.atomic_disable = true};
  for (const Access access :
       {Access::kRead, Access::kWrite, Access::kPrefetch, Access::kAtomicWeak})
    CHECK_FALSE(outcome_of(page, access));
  CHECK(outcome_of(page, Access::kAtomic) == FaultType::kAtomicViolation);
}

TEST_CASE("STRONG_BIT_OVERRIDE_ATOMIC_DISABLE lets strong atomics through") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame, .atomic_disable = true});
  CHECK(bench.gmmu.translate(bench.request(kVa, Access::kAtomic)).outcome == Outcome::kParked);
  namespace ctrl = regs::mmu_ctrl;
  const uint32_t word = bench.get(ctrl::kOffset);
  bench.set(ctrl::kOffset, ctrl::strong_bit_override_atomic_disable.set(word, 1));
  CHECK(bench.gmmu.translate(bench.request(kVa, Access::kAtomic)).outcome == Outcome::kTranslated);
  bench.set(ctrl::kOffset, word);
  CHECK(bench.gmmu.translate(bench.request(kVa, Access::kAtomic)).outcome == Outcome::kParked);
}

TEST_CASE("PRIVILEGE refuses unprivileged requests only") {
  const Page page{.privilege = true};
  for (const Access access : kAllAccesses) {
    CHECK(outcome_of(page, access) == FaultType::kPrivViolation);
    CHECK_FALSE(outcome_of(page, access, true));
  }
}

TEST_CASE("the invalid kind is refused, others are plain memory") {
  CHECK(outcome_of({.kind = 0xff}, Access::kRead) == FaultType::kUnsupportedKind);
  for (const uint8_t kind : {0x01, 0xca, 0xfd, 0xfe})
    CHECK_FALSE(outcome_of({.kind = kind}, Access::kRead));
}

TEST_CASE("kind comes before privilege, privilege before read-only, read-only before atomic") {
  Page page{.privilege = true, .read_only = true, .atomic_disable = true, .kind = 0xff};
  CHECK(outcome_of(page, Access::kAtomic) == FaultType::kUnsupportedKind);
  page.kind = 0;
  CHECK(outcome_of(page, Access::kAtomic) == FaultType::kPrivViolation);
  page.privilege = false;
  CHECK(outcome_of(page, Access::kAtomic) == FaultType::kRoViolation);
  page.read_only = false;
  CHECK(outcome_of(page, Access::kAtomic) == FaultType::kAtomicViolation);
}

TEST_CASE("an unbound instance block comes before an address beyond the limit") {
  Bench bench;
  bench.instance.set_subcontext(0, {.target = regs::PdbTarget::kInvalid});
  const Answer answer = bench.read(uint64_t{1} << 50);
  CHECK(answer.outcome == Outcome::kFaulted);
  CHECK(static_cast<FaultType>(answer.fault_type) == FaultType::kUnboundInstBlock);
}

TEST_CASE("an answer carries the page's attributes") {
  Bench bench;
  bench.tables.map(kVa, Level::kPte4k,
                   {.address = kFrame,
                    .aperture = regs::PteAperture::kSysNonCoherent,
                    .vol = true,
                    .read_only = true,
                    .atomic_disable = true,
                    .kind = 0xfe});
  for (int turn = 0; turn < 2; ++turn) {
    const Answer answer = bench.read(kVa);
    CHECK(answer.aperture == Aperture::kSysNonCoherent);
    CHECK(answer.vol);
    CHECK(answer.read_only);
    CHECK(answer.atomic_disable);
    CHECK(answer.kind == 0xfe);
  }
}

TEST_CASE("with MMU_DISABLE addresses are physical") {
  Bench bench;
  namespace ctrl = regs::mmu_ctrl;
  uint32_t word = ctrl::mmu_disable.set(bench.get(ctrl::kOffset), 1);
  word = ctrl::mmu_aperture.set(word, regs::PteAperture::kSysCoherent);
  bench.set(ctrl::kOffset, ctrl::mmu_vol.set(word, 1));
  const Answer answer = bench.write(0x12'3456'7890);
  CHECK(answer.outcome == Outcome::kTranslated);
  CHECK(answer.pa == 0x12'3456'7890);
  CHECK(answer.aperture == Aperture::kSysCoherent);
  CHECK(answer.vol);
  bench.set(ctrl::kOffset, 0);
  CHECK(bench.write(0x12'3456'7890).outcome == Outcome::kParked);
}

TEST_CASE("ENCRYPTED of an entry means nothing") {
  Bench bench;
  bench.tables.write(kVa, Level::kPte4k,
                     builder::pte_of({.address = kFrame}) | regs::pte::encrypted.mask());
  CHECK(bench.read(kVa).pa == kFrame);
}

TEST_CASE("sparse memory takes every access") {
  Bench bench;
  bench.tables.write(kVa, Level::kPte4k,
                     builder::kSparsePte | regs::pte::privilege.mask() |
                         regs::pte::read_only.mask() | regs::pte::atomic_disable.mask());
  for (const Access access : kAllAccesses)
    CHECK(bench.gmmu.translate(bench.request(kVa, access)).outcome == Outcome::kSparse);
}

}  // namespace faultline::mmu::test
