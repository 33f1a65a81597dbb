// SPDX-License-Identifier: MIT
// The RTL of the device, writing waveforms.
#include <Vgmmu_traced.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "systemc_models/rtl_shell/verilated_gmmu.hpp"
#include "systemc_models/rtl_shell/wave_history.hpp"
#include "systemc_models/rtl_shell/wave_request.hpp"

namespace faultline::rtl {

namespace {

using Traced = VerilatedGmmu<Vgmmu_traced>;
using Half = WaveFile::Half;

/// All cycles that were asked for, as they come.
class WindowGmmu : public Traced {
 public:
  WindowGmmu(const GmmuSizes& sizes, mmu::Memory& memory, mmu::Clock& clock, WaveRequest request)
      : Traced(sizes, memory, clock, Edges::kRising),
        request_(std::move(request)),
        file_(request_.path) {
    file_.open(top());
  }
  ~WindowGmmu() override {
    file_.close();
    if (cycle() <= request_.first_cycle)
      spdlog::error(
          "'{}' has no waveforms: the run had {} cycles, and those from {} on were asked for",
          request_.path, cycle(), request_.first_cycle);
  }

 private:
  void rose() override { write(Half::kHigh); }
  void fell() override { write(Half::kLow); }
  void write(Half half) {
    if (cycle() < request_.first_cycle) return;
    if (cycle() > request_.last_cycle) return file_.close();
    file_.write(cycle(), half);
  }

  WaveRequest request_;
  WaveFile file_;
};

/// What is around a fault packet, once it has been written.
class FaultGmmu : public Traced, private PortObserver {
 public:
  FaultGmmu(const GmmuSizes& sizes, mmu::Memory& memory, mmu::Clock& clock, WaveRequest request)
      : Traced(sizes, memory, clock), request_(std::move(request)), file_(request_.path) {
    observe(*this);
  }
  ~FaultGmmu() override {
    if (packets_ < request_.fault)
      spdlog::error("'{}' has no waveforms: the run had {} fault{}, and fault {} was asked for",
                    request_.path, packets_, packets_ == 1 ? "" : "s", request_.fault);
    else
      finish();
  }

 private:
  static constexpr uint64_t kAfterwards = WaveHistory<Vgmmu_traced>::kInterval;

  void driven() override {
    if (written_) return;
    history_.record(cycle(), top());
    if (packets_ >= request_.fault && cycle() - found_ >= kAfterwards) finish();
  }
  void restarted() override {
    if (packets_ >= request_.fault) return finish();
    history_.clear();
  }
  void memory_written(const WriteChannel::Burst& burst) override {
    if (!burst.completes_packet() || ++packets_ != request_.fault) return;
    found_ = cycle();
    history_.hold();
  }
  void finish() {
    if (std::exchange(written_, true)) return;
    history_.write(file_);
    history_.clear();
    spdlog::info("waveforms around fault {}, which was written in cycle {}, are in '{}'",
                 request_.fault, found_, request_.path);
  }

  WaveRequest request_;
  WaveFile file_;
  WaveHistory<Vgmmu_traced> history_;
  uint64_t packets_ = 0;
  uint64_t found_ = 0;
  bool written_ = false;
};

}  // namespace

GmmuBuild waveform_gmmu(const WaveRequest& request) {
  const WaveFile probe(request.path);  // before anything else is begun
  GmmuBuild build = device_gmmu();
  build.make = [sizes = build.sizes, request](mmu::Memory& memory,
                                              mmu::Clock& clock) -> std::unique_ptr<ClockedGmmu> {
    Verilated::traceEverOn(true);
    if (request.fault != 0) return std::make_unique<FaultGmmu>(sizes, memory, clock, request);
    return std::make_unique<WindowGmmu>(sizes, memory, clock, request);
  };
  return build;
}

}  // namespace faultline::rtl
