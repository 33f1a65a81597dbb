// SPDX-License-Identifier: MIT
// faultline-bench-rtl: cycles and walks a second of the RTL as the device has it.
#include <Vgmmu.h>
#include <benchmark/benchmark.h>
#include <spdlog/spdlog.h>

#include <array>
#include <bit>
#include <filesystem>
#include <span>
#include <string>
#include <systemc>
#include <utility>

#include "systemc_models/rtl_shell/device_gmmu.hpp"
#include "systemc_models/rtl_shell/wave_request.hpp"
#include "tests/bench/rtl/latency.hpp"
#include "tests/bench/rtl/mapped_gmmu.hpp"
#include "tests/bench/rtl/recording.hpp"
#include "tests/bench/rtl/streaming.hpp"

namespace {

using namespace faultline;
using benchmark::State;

constexpr uint64_t kFewPages = 4;
constexpr uint64_t kPagesOfHits = 2;  // of each stream
constexpr uint64_t kPagesOfWalks = 512;

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

/// Asks of each port, again and again.
class Load : private rtl::PortObserver {
 public:
  explicit Load(const rtl::GmmuBuild& build = rtl::device_gmmu()) : mapped(build) {
    mapped.gmmu().observe(*this);
  }

  /// Keeps so many requests of each port on their way.
  void ask(unsigned in_flight, uint64_t pages) {
    for (unsigned port = 0; port < mapped.gmmu().sizes().hub_port(); ++port)
      for (; open_[port] < in_flight; ++open_[port], ++next_)
        mapped.ask(port, next_ % pages, next_ & 0xffff);
  }

 private:
  void responded(unsigned port, const rtl::Response& response) override {
    --open_[port];
    translated += response.answer.outcome == mmu::Outcome::kTranslated;
  }

  std::array<unsigned, 64> open_{};
  uint64_t next_ = 0;

 public:
  bench::MappedGmmu mapped;
  uint64_t translated = 0;
};

/// With surroundings, and nothing to do.
void idle_cycles(State& state) {
  bench::MappedGmmu mapped;
  for (auto _ : state) mapped.step();
  state.SetItemsProcessed(state.iterations());
}

void loaded_cycles(State& state, uint64_t pages, Load& load) {
  constexpr unsigned kWarmUp = 1000;
  const auto cycle = [&] {
    load.ask(4, pages);
    load.mapped.step();
  };
  for (unsigned i = 0; i < kWarmUp; ++i) cycle();
  if (load.translated == 0) state.SkipWithError("nothing was translated");
  const uint64_t before = load.translated;
  for (auto _ : state) cycle();
  state.SetItemsProcessed(state.iterations());
  state.counters["answers"] = benchmark::Counter(static_cast<double>(load.translated - before),
                                                 benchmark::Counter::kIsRate);
}

/// Every uTLB hits.
void hit_cycles(State& state) {
  Load load;
  loaded_cycles(state, kFewPages, load);
}
/// The same with history for --wave-fault, for a fault that does not come.
void recorded_cycles(State& state) {
  const auto path = std::filesystem::temp_directory_path() / "faultline-bench.fst";
  Load load(rtl::waveform_gmmu({.path = path, .fault = ~uint64_t{0}}));
  loaded_cycles(state, kFewPages, load);
  std::filesystem::remove(path);
}
/// Every request is a walk: its counter `answers` is walks a second.
void walk_cycles(State& state) {
  Load load;
  loaded_cycles(state, bench::MappedGmmu::kPages, load);
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
  bench::register_latencies();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
