// SPDX-License-Identifier: MIT
// faultline-bench-rtl: cycles and walks a second of the RTL as the device has it.
#include <Vgmmu.h>
#include <benchmark/benchmark.h>
#include <spdlog/spdlog.h>

#include <array>
#include <bit>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <systemc>
#include <utility>

#include "systemc_models/rtl_shell/device_gmmu.hpp"
#include "systemc_models/rtl_shell/wave_request.hpp"
#include "tests/bench/rtl/recording.hpp"
#include "tests/bench/rtl/streaming.hpp"
#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"
#include "tests/builder/sparse_memory.hpp"

namespace {

using namespace faultline;
using benchmark::State;
using rtl::ClockedGmmu;

constexpr uint64_t kPage = 4096;
constexpr uint64_t kVa = 0x7f0000000000;
constexpr uint64_t kFrames = 0x4000'0000;
constexpr uint64_t kFewPages = 4;
constexpr uint64_t kPagesOfNone = 8192;  // more than all TLBs hold
constexpr uint64_t kPagesOfHits = 2;     // of each stream
constexpr uint64_t kPagesOfWalks = 512;
constexpr unsigned kReadLatency = 1;  // cycles: of memory that costs nothing

/// What Verilator made, without anything around it.
class BareRtl {
 public:
  BareRtl() {
    top.both_edges_i = 1;
    reset();
  }
  ~BareRtl() { top.final(); }
  void reset() {
    top.rst_ni = 0;
    cycle();
    cycle();
    top.rst_ni = 1;
  }
  void cycle() {
    top.clk_i = !top.clk_i;
    top.eval();
  }

  Vgmmu top;
};

/// Nothing but the clock.
void bare_idle_cycles(State& state) {
  BareRtl bare;
  for (auto _ : state) {
    ++bare.top.now_ns_i;
    bare.cycle();
  }
  state.SetItemsProcessed(state.iterations());
}

/// The cycles of a device again: what they cost the RTL itself.
void bare_cycles(State& state, const bench::Recording& recording) {
  BareRtl bare;
  const auto inputs = rtl::inputs_of(bare.top);
  uint64_t answers = 0;
  const auto play = [&](const auto& cycles) {
    for (const auto& values : cycles) {
      rtl::assign_all(inputs, values);
      bare.cycle();
      const uint64_t given = bare.top.resp_valid_o & bare.top.resp_ready_i;
      answers += static_cast<unsigned>(std::popcount(given));
    }
  };
  const std::span cycles(recording.cycles);
  for (auto _ : state) {
    state.PauseTiming();
    bare.reset();
    play(cycles.first(recording.warm_up));
    state.ResumeTiming();
    play(cycles.subspan(recording.warm_up));
  }
  if (answers != state.iterations() * recording.answers)
    state.SkipWithError("the RTL does not do what it did in the device");
  state.SetItemsProcessed(
      static_cast<int64_t>(state.iterations() * (cycles.size() - recording.warm_up)));
}

class Clock : public mmu::Clock {
 public:
  uint64_t now_ns() override { return ++now_; }

 private:
  uint64_t now_ = 0;
};

class Machine : private rtl::PortObserver {
 public:
  explicit Machine(const rtl::GmmuBuild& build = rtl::device_gmmu())
      : tables_(memory_, builder::BumpAllocator(0x200'0000, {regs::PdeAperture::kVidmem})),
        block_(memory_, {.address = 0x10'0000, .aperture = mmu::Aperture::kVidmem}),
        gmmu(build.make(memory_, clock_)) {
    block_.set_main(builder::space_of(tables_.root()));
    block_.set_subcontext(0, builder::space_of(tables_.root()));
    for (uint64_t page = 0; page < kPagesOfNone; ++page)
      tables_.map(kVa + page * kPage, builder::Level::kPte4k, {.address = kFrames + page * kPage});
    gmmu->reads().set_latency(kReadLatency);
    gmmu->observe(*this);
  }

  /// Keeps so many requests of each port on their way.
  void ask(unsigned in_flight, uint64_t pages) {
    for (unsigned port = 0; port < gmmu->sizes().hub_port(); ++port)
      for (; open_[port] < in_flight; ++open_[port]) ask_one(port, pages);
  }

 private:
  void ask_one(unsigned port, uint64_t pages) {
    const mmu::Request request{
        .va = kVa + (next_++ % pages) * kPage,
        .requester = {.instance = block_.pointer(),
                      .engine_id = std::to_underlying(regs::EngineId::kGraphics),
                      .client = std::to_underlying(regs::GpcClient::kT1_0),
                      .gpc = static_cast<uint8_t>(port / gmmu->sizes().utlbs_per_gpc)},
        .tag = next_ & 0xffff};
    gmmu->request(port, request);
  }
  void responded(unsigned port, const rtl::Response& response) override {
    --open_[port];
    translated += response.answer.outcome == mmu::Outcome::kTranslated;
  }

  builder::SparseMemory memory_;
  Clock clock_;
  builder::PageTables tables_;
  builder::InstanceBlock block_;
  std::array<unsigned, 64> open_{};
  uint64_t next_ = 0;

 public:
  std::unique_ptr<ClockedGmmu> gmmu;
  uint64_t translated = 0;
};

/// With surroundings, and nothing to do.
void idle_cycles(State& state) {
  Machine machine;
  for (auto _ : state) machine.gmmu->step(ClockedGmmu::Responses::kTaken);
  state.SetItemsProcessed(state.iterations());
}

void loaded_cycles(State& state, uint64_t pages, Machine& machine) {
  constexpr unsigned kWarmUp = 1000;
  const auto cycle = [&] {
    machine.ask(4, pages);
    machine.gmmu->step(ClockedGmmu::Responses::kTaken);
  };
  for (unsigned i = 0; i < kWarmUp; ++i) cycle();
  if (machine.translated == 0) state.SkipWithError("nothing was translated");
  const uint64_t before = machine.translated;
  for (auto _ : state) cycle();
  state.SetItemsProcessed(state.iterations());
  state.counters["answers"] = benchmark::Counter(static_cast<double>(machine.translated - before),
                                                 benchmark::Counter::kIsRate);
}

/// Every uTLB hits.
void hit_cycles(State& state) {
  Machine machine;
  loaded_cycles(state, kFewPages, machine);
}
/// The same with history for --wave-fault, for a fault that does not come.
void recorded_cycles(State& state) {
  const auto path = std::filesystem::temp_directory_path() / "faultline-bench.fst";
  Machine machine(rtl::waveform_gmmu({.path = path, .fault = ~uint64_t{0}}));
  loaded_cycles(state, kFewPages, machine);
  std::filesystem::remove(path);
}
/// Every request is a walk: its counter `answers` is walks a second.
void walk_cycles(State& state) {
  Machine machine;
  loaded_cycles(state, kPagesOfNone, machine);
}

/// Streams in a whole device, beside what their cycles cost the RTL alone.
class Work {
 public:
  Work(std::string name, uint64_t pages_of_stream)
      : name_(std::move(name)),
        device_(("device_" + name_).c_str(), rtl::device_gmmu(), pages_of_stream),
        recorded_(("recorded_" + name_).c_str(), bench::recorded_gmmu(recording_),
                  pages_of_stream) {}

  /// What is measured comes after a first run, in which the TLBs were empty.
  void prepare() {
    device_.run_once();
    recorded_.run_once();
    recording_.warm_up = recording_.cycles.size();
    recorded_.run_once();
    benchmark::RegisterBenchmark("bare_cycles_" + name_,
                                 [this](State& state) { bare_cycles(state, recording_); });
    benchmark::RegisterBenchmark("device_cycles_" + name_,
                                 [this](State& state) { device_.cycles(state); });
  }

 private:
  std::string name_;
  bench::Recording recording_;
  bench::Streaming device_;
  bench::Streaming recorded_;
};

BENCHMARK(bare_idle_cycles);
BENCHMARK(idle_cycles);
BENCHMARK(hit_cycles);
BENCHMARK(recorded_cycles);
BENCHMARK(walk_cycles);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  spdlog::set_level(spdlog::level::off);  // of the fault that never comes
  // SystemC wants its models before it starts.
  Work hits("hit", kPagesOfHits);
  Work walks("walk", kPagesOfWalks);
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  hits.prepare();
  walks.prepare();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
