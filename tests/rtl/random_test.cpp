// SPDX-License-Identifier: MIT
// Random tables, changes, requests and invalidates: every answer of the RTL is one that the model,
// which keeps nothing, gave while the request was under way.
#include <algorithm>
#include <catch2/catch_message.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <string>

#include "systemc_models/mmu/gmmu_model.hpp"
#include "tests/rtl/core_bench.hpp"
#include "tests/rtl/random_tables.hpp"

namespace faultline::rtl::test {

namespace {

constexpr unsigned kRounds = 8;
constexpr unsigned kChanges = 400;

/// A model without a memory of its own: what it says is the truth of now.
class Truth : private mmu::Listener, private mmu::Clock {
 public:
  explicit Truth(mmu::Memory& memory) : model_(kNothingKept, memory, *this, *this) {}
  Answer of(const Request& request) { return model_.translate(request); }

 private:
  static constexpr mmu::Config kNothingKept = {.utlb_entries = 0,
                                               .l2_sets = 0,
                                               .pde_cache_entries = 0,
                                               .hub_tlb_entries = 0,
                                               .instance_cache_entries = 0};
  void answered(uint64_t, const Answer&) override {}
  void space(uint8_t, uint8_t) override {}
  void interrupt(uint32_t, uint32_t) override {}
  uint64_t now_ns() override { return 0; }

  mmu::Gmmu model_;
};

bool agree(const Answer& rtl, const Answer& model) {
  if (model.outcome == Outcome::kSparse) return rtl.outcome == Outcome::kSparse;
  if (model.outcome != Outcome::kTranslated)
    return rtl.outcome == Outcome::kFaulted && rtl.fault_type == model.fault_type;
  return rtl.outcome == Outcome::kTranslated && rtl.pa == model.pa &&
         rtl.aperture == model.aperture && rtl.peer == model.peer &&
         rtl.page_shift == model.page_shift && rtl.vol == model.vol &&
         rtl.read_only == model.read_only && rtl.atomic_disable == model.atomic_disable &&
         rtl.kind == model.kind;
}

class RandomRun {
 public:
  explicit RandomRun(uint64_t seed)
      : dice_(seed),
        truth_(bench_.memory),
        random_(bench_.tables, dice_),
        others_(bench_.memory, builder::BumpAllocator(0x4000'0000, {regs::PdeAperture::kVidmem})),
        other_random_(others_, dice_) {
    bench_.instance.set_subcontext(1, builder::space_of(others_.root()));
    bench_.reads.set_latency(1, 1 + dice_.below(60), dice_.word());
    if (dice_.once_in(2)) bench_.set_readiness(0.2 + 0.1 * dice_.below(8));
  }

  /// Requests, a change, requests that may see it or not, an invalidate.
  void change() {
    ask(dice_.below(8));
    bench_.run(dice_.below(40));
    std::vector<Request> in_between(dice_.below(6));
    for (Request& request : in_between) request = make_request();
    std::vector<Answer> before;
    for (const Request& request : in_between) before.push_back(truth_.of(request));

    const bool other = dice_.once_in(3);
    const Change change = (other ? other_random_ : random_).change();
    for (size_t i = 0; i < in_between.size(); ++i) {
      watch(in_between[i]);
      watched_.back().allowed.push_back(before[i]);
    }
    for (Watched& watched : watched_)
      if (!bench_.ended(watched.ticket)) watched.allowed.push_back(truth_.of(watched.request));
    bench_.invalidate(covering(change, other));
    if (dice_.once_in(4)) settle();
  }

  /// All requests end, and are judged.
  void settle() {
    bench_.finish();
    for (const Watched& watched : watched_) judge(watched);
    watched_.clear();
  }

  uint64_t requests() const { return requests_; }

 private:
  struct Watched {
    Request request;
    unsigned ticket;
    std::vector<Answer> allowed;
  };

  Request make_request() {
    constexpr Access kAccesses[] = {Access::kRead, Access::kWrite, Access::kAtomic,
                                    Access::kPrefetch, Access::kAtomicWeak};
    const bool other = dice_.once_in(3);
    Request request =
        bench_.request((other ? other_random_ : random_).address(), kAccesses[dice_.below(5)]);
    if (dice_.once_in(60)) request.va |= uint64_t{1} << (49 + dice_.below(15));
    request.requester.privileged = dice_.once_in(2);
    constexpr auto kGraphics = static_cast<uint16_t>(regs::EngineId::kGraphics);
    if (other)
      request.requester.engine_id = kGraphics + 1;
    else if (dice_.once_in(3))
      request.requester.engine_id = kGraphics;
    else if (dice_.once_in(60))
      request.requester.engine_id = kGraphics + 2;  // unbound
    return request;
  }

  void ask(unsigned count) {
    for (unsigned i = 0; i < count; ++i) watch(make_request());
  }

  void watch(const Request& request) {
    const unsigned ticket = bench_.send(request, dice_.below(kPorts));
    watched_.push_back({request, ticket, {truth_.of(request)}});
    ++requests_;
  }

  Invalidate covering(const Change& change, bool other) {
    const builder::TablePointer root = (other ? others_ : bench_.tables).root();
    Invalidate operation;
    operation.all_pdb = dice_.once_in(4);
    operation.all_va = dice_.once_in(4);
    operation.pdb = root.address;
    operation.va = change.va;
    operation.size = change.size + (dice_.once_in(4) ? dice_.below(6) : 0);
    operation.level = dice_.once_in(4) ? regs::CacheLevel::kAll : change.level;
    return operation;
  }

  void judge(const Watched& watched) {
    const Answer& answer = bench_.end_of(watched.ticket).answer;
    const bool is_true = std::ranges::any_of(
        watched.allowed, [&answer](const Answer& allowed) { return agree(answer, allowed); });
    if (is_true) return;
    const Answer& last = watched.allowed.back();
    CAPTURE(watched.ticket, watched.request.va, watched.request.access, answer.outcome,
            answer.fault_type, answer.pa, last.outcome, last.fault_type, last.pa,
            watched.allowed.size());
    REQUIRE(is_true);
  }

  Dice dice_;
  CoreBench bench_;
  Truth truth_;
  RandomTables random_;
  builder::PageTables others_;
  RandomTables other_random_;
  std::vector<Watched> watched_;
  uint64_t requests_ = 0;
};

}  // namespace

TEST_CASE("random requests, changes and invalidates agree with the model") {
  const uint64_t seed = builder::chosen_seed();
  for (unsigned round = 0; round < kRounds; ++round) {
    CAPTURE(seed, round);
    RandomRun run(seed + round);
    for (unsigned i = 0; i < kChanges; ++i) run.change();
    run.settle();
    CHECK(run.requests() > kChanges);
  }
}

}  // namespace faultline::rtl::test
