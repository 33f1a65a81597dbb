// SPDX-License-Identifier: MIT
// Random tables, changes, requests and invalidates: every answer is the truth of now, or one that
// no invalidate has taken away yet; every fault is the truth of now.
#include <algorithm>
#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>

#include "tests/builder/dice.hpp"
#include "tests/unit/mmu/bench.hpp"
#include "tests/unit/mmu/oracle.hpp"

namespace faultline::mmu::test {

namespace op = regs::mmu_invalidate;
using builder::Dice;
using builder::PageTables;

namespace {

constexpr unsigned kRounds = 24;
constexpr unsigned kSteps = 4000;
constexpr size_t kMostParked = 40;

/// Small structures, so that entries are displaced, and none at all now and then.
Config random_config(Dice& dice) {
  Config config;
  config.gpcs = 2;
  config.utlb_entries = dice.one_of({0u, 1u, 4u, 8u, 32u});
  config.hub_tlb_entries = dice.one_of({0u, 2u, 16u});
  config.l2_sets = dice.one_of({0u, 1u, 4u, 64u});
  config.l2_ways = dice.one_of({1u, 2u, 8u});
  config.pde_cache_entries = dice.one_of({0u, 1u, 3u, 8u, 64u});
  config.instance_cache_entries = dice.one_of({0u, 1u, 8u});
  return config;
}

class RandomRun {
 public:
  explicit RandomRun(uint64_t seed)
      : dice_(seed),
        bench_(random_config(dice_)),
        other_(bench_.memory,
               builder::BumpAllocator(
                   0x100'0000'0000, {regs::PdeAperture::kSysCoherent, regs::PdeAperture::kVidmem})),
        oracle_(bench_.memory) {
    builder::SpaceEntry second = builder::space_of(other_.root());
    second.replay_gcc = true;  // the last subcontext decides for both
    bench_.instance.set_subcontext(1, second);
  }

  void step() {
    switch (dice_.below(10)) {
      case 0:
        return change_directory();
      case 1:
      case 2:
        return change_page();
      case 3:
        return invalidate();
      default:
        return request();
    }
  }

 private:
  struct Asked {
    Request request;
    const builder::TablePointer* root;
  };

  PageTables& tables() { return dice_.once_in(3) ? other_ : bench_.tables; }

  /// Few addresses, near and far, so that they share directories and meet again.
  uint64_t address() {
    uint64_t va = dice_.one_of({uint64_t{0}, uint64_t{1} << 47, uint64_t{3} << 38,
                                uint64_t{5} << 29, (uint64_t{1} << 49) - (uint64_t{1} << 29)});
    va += uint64_t{dice_.below(2)} << 21;
    va += uint64_t{dice_.below(3)} << 16;
    return va + (uint64_t{dice_.one_of({0u, 1u, 15u})} << 12);
  }

  Page random_page() {
    constexpr regs::PteAperture kApertures[] = {regs::PteAperture::kVidmem,
                                                regs::PteAperture::kSysCoherent,
                                                regs::PteAperture::kSysNonCoherent};
    return {.address = dice_.word() % (uint64_t{1} << 37) >> 12 << 12,
            .aperture = dice_.one_of(kApertures),
            .vol = dice_.once_in(4),
            .privilege = dice_.once_in(8),
            .read_only = dice_.once_in(3),
            .atomic_disable = dice_.once_in(2),
            .kind = static_cast<uint8_t>(dice_.once_in(16) ? 0xff : 0)};
  }

  void change_page() {
    PageTables& changed = tables();
    const uint64_t va = address();
    const Level size = dice_.one_of({Level::kPte4k, Level::kPte4k, Level::kPte64k, Level::kPde0});
    switch (dice_.below(6)) {
      case 0:
        return changed.write(va, size == Level::kPde0 ? Level::kPte4k : size, 0);
      case 1:
        return changed.write(va, size == Level::kPde0 ? Level::kPte4k : size, builder::kSparsePte);
      case 2:
        return changed.write(va, Level::kPte64k, builder::kUnmapped64kPte);
      default:
        return changed.map(va, size, random_page());
    }
  }

  /// Cuts off what lies below; the next page there gets new tables.
  void change_directory() {
    PageTables& changed = tables();
    const uint64_t sparse_or_not = dice_.once_in(3) ? builder::kSparsePde : 0;
    const Level level =
        dice_.one_of({Level::kPde0, Level::kPde0, Level::kPde1, Level::kPde2, Level::kPde3});
    if (level == Level::kPde0)
      changed.write_dual(address(), {sparse_or_not, 0});
    else
      changed.write(address(), level, sparse_or_not);
  }

  Asked random_request() {
    const bool second = dice_.once_in(3);
    const bool hub = !second && dice_.once_in(4);
    Requester who = hub ? bench_.copy() : bench_.stream();
    if (!hub) {
      who.engine_id = static_cast<uint16_t>(who.engine_id + (second ? 1 : 0));
      who.gpc = static_cast<uint8_t>(dice_.below(2));
      who.client =
          static_cast<uint8_t>(dice_.one_of({regs::GpcClient::kGcc, regs::GpcClient::kT1_0,
                                             regs::GpcClient::kT1_1, regs::GpcClient::kT1_2}));
    }
    who.privileged = dice_.once_in(5);
    Request request = bench_.request_by(
        who, address() + dice_.below(4096),
        dice_.one_of({Access::kRead, Access::kRead, Access::kWrite, Access::kWrite, Access::kAtomic,
                      Access::kAtomicWeak, Access::kPrefetch}));
    request.tag = next_tag_++;
    return {.request = request, .root = &(second ? other_ : bench_.tables).root()};
  }

  void request() {
    const Asked asked = random_request();
    const Answer answer = bench_.gmmu.translate(asked.request);
    judge(asked, answer);
    if (answer.outcome != Outcome::kParked) return;
    parked_.push_back(asked);
    if (parked_.size() <= kMostParked) return;
    const size_t which = dice_.below(kMostParked);
    bench_.gmmu.abandon(parked_[which].request.tag);
    parked_.erase(parked_.begin() + static_cast<ptrdiff_t>(which));
  }

  /// The fault that the request takes by the tables alone.
  std::optional<FaultType> fault_now(const Asked& asked) {
    const OracleResult now = oracle_.now(*asked.root, asked.request.va);
    if (const auto* fault = std::get_if<FaultType>(&now)) return *fault;
    if (const auto* page = std::get_if<OraclePage>(&now))
      return refusal(*page, asked.request.access, asked.request.requester.privileged);
    return {};
  }

  void judge(const Asked& asked, const Answer& answer) {
    const Requester& who = asked.request.requester;
    CAPTURE(asked.request.va, asked.request.access, who.engine_id, who.privileged, answer.outcome,
            answer.pa);
    const auto side = who.client_type == ClientType::kHub ? OracleSide::kHub : OracleSide::kGpc;
    const auto possible = oracle_.possible(*asked.root, asked.request.va, side);
    switch (answer.outcome) {
      case Outcome::kTranslated:
        return check(std::ranges::any_of(possible, [&](const OracleResult& result) {
          const auto* page = std::get_if<OraclePage>(&result);
          return page && matches(*page, asked.request, answer);
        }));
      case Outcome::kSparse:
        return check(possible.contains(OracleSparse{}));
      case Outcome::kParked:
      case Outcome::kFaulted:
      case Outcome::kDropped: {
        const bool prefetch = asked.request.access == Access::kPrefetch;
        const Outcome wanted = prefetch                   ? Outcome::kDropped
                               : side == OracleSide::kHub ? Outcome::kFaulted
                                                          : Outcome::kParked;
        check(answer.outcome == wanted);
        return check(fault_now(asked) == static_cast<FaultType>(answer.fault_type));
      }
      default:
        return check(false);
    }
  }

  static bool matches(const OraclePage& page, const Request& request, const Answer& answer) {
    const uint64_t offset = request.va & ((uint64_t{1} << page.shift) - 1);
    return !refusal(page, request.access, request.requester.privileged) &&
           answer.pa == page.address + offset && answer.page_shift == page.shift &&
           static_cast<regs::PteAperture>(answer.aperture) == page.aperture &&
           answer.vol == page.vol && answer.read_only == page.read_only &&
           answer.atomic_disable == page.atomic_disable && answer.kind == page.kind;
  }

  /// Cheaper than REQUIRE on the way where all is well.
  static void check(bool holds) {
    if (!holds) FAIL("not an answer that the tables, or what was kept of them, can give");
  }

  void invalidate() {
    using regs::CacheLevel;
    struct Depth {
      CacheLevel level;
      unsigned shift;
    };
    const auto [level, shift] =
        dice_.one_of({Depth{CacheLevel::kAll, 47}, Depth{CacheLevel::kPteOnly, 0},
                      Depth{CacheLevel::kUpToPde0, 21}, Depth{CacheLevel::kUpToPde1, 29},
                      Depth{CacheLevel::kUpToPde2, 38}, Depth{CacheLevel::kUpToPde3, 47}});
    const builder::TablePointer& root = tables().root();
    const unsigned size = dice_.one_of({0u, 0u, 2u, 4u, 9u, 20u, 30u});
    OracleInvalidate expected{.space = &root,
                              .va = address(),
                              .bytes = uint64_t{4096} << size,
                              .highest_directory = shift,
                              .hub_only = dice_.once_in(6)};
    uint32_t word = op::cache_level.set(0, level);
    bench_.select(root, expected.va);
    bench_.set(regs::mmu_invalidate_size::kOffset, size);
    word |= size == 0 ? 0 : op::use_size.mask();
    if (dice_.once_in(4)) {
      word |= op::all_va.mask();
      expected.bytes = 0;
    }
    if (dice_.once_in(6)) {
      word |= op::all_pdb.mask();
      expected.space = nullptr;
    }
    if (expected.hub_only) word |= op::hubtlb_only.mask();
    const bool replays = dice_.once_in(2);
    if (replays) word = op::replay.set(word, regs::ReplayOp::kStart);
    oracle_.invalidate(expected);
    bench_.invalidate(word);
    if (replays && !expected.hub_only) judge_replay();
    check(bench_.said.answers.empty());
  }

  /// Each parked request was answered as a new one would be, or would fault now.
  void judge_replay() {
    for (const Recorder::Answered& answered : std::exchange(bench_.said.answers, {})) {
      const auto asked = std::ranges::find(
          parked_, answered.tag, [](const Asked& candidate) { return candidate.request.tag; });
      REQUIRE(asked != parked_.end());
      check(answered.answer.outcome == Outcome::kTranslated ||
            answered.answer.outcome == Outcome::kSparse);
      judge(*asked, answered.answer);
      parked_.erase(asked);
    }
    for (const Asked& asked : parked_) {
      check(fault_now(asked).has_value());
      // It was walked, so what it read may have been kept.
      oracle_.possible(*asked.root, asked.request.va, OracleSide::kGpc);
    }
  }

  Dice dice_;
  Bench bench_;
  PageTables other_;
  Oracle oracle_;
  std::vector<Asked> parked_;
  uint64_t next_tag_ = 1;
};

}  // namespace

TEST_CASE("random tables, changes and invalidates: what is answered is or was true") {
  const uint64_t seed = builder::chosen_seed();
  WARN("FAULTLINE_SEED=" << seed << " repeats this run");
  for (unsigned round = 0; round < kRounds; ++round) {
    RandomRun run(seed + round);
    for (unsigned i = 0; i < kSteps; ++i) {
      CAPTURE(round, i);
      run.step();
    }
  }
}

}  // namespace faultline::mmu::test
