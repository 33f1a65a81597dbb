// SPDX-License-Identifier: MIT
// The recent past of a Verilated gmmu_stepped, from which its waveforms can be made when they are
// wanted.
#pragma once

#include <verilated.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "systemc_models/rtl_shell/saved_state.hpp"
#include "systemc_models/rtl_shell/wave_file.hpp"

namespace faultline::rtl {

/// The inputs of gmmu_stepped but its clock, and what its clock means.
template <typename Top>
auto inputs_of(Top& top) {
  return std::tie(top.rst_ni, top.now_ns_i, top.req_valid_i, top.req_va_i, top.req_instance_i,
                  top.req_client_i, top.resp_ready_i, top.withdraw_valid_i, top.withdraw_port_i,
                  top.withdraw_tag_i, top.bar1_valid_i, top.bar1_offset_i, top.bar1_access_type_i,
                  top.reg_valid_i, top.reg_addr_i, top.reg_write_i, top.reg_wdata_i,
                  top.m_axi_arready_i, top.m_axi_awready_i, top.m_axi_wready_i, top.m_axi_rvalid_i,
                  top.m_axi_rid_i, top.m_axi_rdata_i, top.m_axi_rresp_i, top.m_axi_rlast_i,
                  top.m_axi_bvalid_i, top.m_axi_bresp_i);
}

template <typename Signal>
Signal value_of(const Signal& signal) {
  return signal;
}
template <typename Signal, size_t kCount>
std::array<Signal, kCount> value_of(const Signal (&signals)[kCount]) {
  return std::to_array(signals);
}
template <typename Signal>
void assign(Signal& signal, const Signal& value) {
  signal = value;
}
template <typename Signal, size_t kCount>
void assign(Signal (&signals)[kCount], const std::array<Signal, kCount>& values) {
  std::ranges::copy(values, signals);
}

template <typename... Signals>
auto values_of(const std::tuple<Signals&...>& signals) {
  return std::apply([](const auto&... signal) { return std::tuple(value_of(signal)...); }, signals);
}
template <typename... Signals, typename... Values>
void assign_all(const std::tuple<Signals&...>& signals, const std::tuple<Values...>& values) {
  [&]<size_t... kIndices>(std::index_sequence<kIndices...>) {
    (assign(std::get<kIndices>(signals), std::get<kIndices>(values)), ...);
  }(std::index_sequence_for<Signals...>());
}

/// A state is kept every so many cycles, and all inputs since: a twin that gets them from there
/// does what the original did. That costs a hundredth of what writing waveforms all the time does.
template <typename Top>
class WaveHistory {
 public:
  static constexpr uint64_t kInterval = 8192;  ///< cycles; history is that long at least

  /// At the beginning of a cycle, when its inputs stand.
  void record(uint64_t cycle, Top& top) {
    if (!recent_ || (!held_ && cycle - recent_->first_cycle >= kInterval)) begin(cycle, top);
    recent_->inputs.push_back(values_of(inputs_of(top)));
  }
  /// What is there now stays, and grows.
  void hold() { held_ = true; }
  void clear() {
    older_.reset();
    recent_.reset();
  }

  void write(WaveFile& file) const {
    const Span* const first = older_ ? &*older_ : recent_ ? &*recent_ : nullptr;
    if (!first) return;
    VerilatedContext context;
    context.traceEverOn(true);
    Top twin(&context);
    file.open(twin);
    restore(twin, first->state);
    twin.both_edges_i = 0;
    twin.clk_i = 0;
    twin.eval();
    if (older_) replay(*older_, twin, file);
    replay(*recent_, twin, file);
    file.close();
    twin.final();
  }

 private:
  struct Span {
    uint64_t first_cycle;
    SavedBytes state;
    std::vector<decltype(values_of(inputs_of(std::declval<Top&>())))> inputs;
  };

  void begin(uint64_t cycle, Top& top) {
    older_ = std::exchange(recent_, Span{.first_cycle = cycle, .state = {}, .inputs = {}});
    recent_->inputs.reserve(kInterval);
    save(top, recent_->state);
  }

  static void replay(const Span& span, Top& twin, WaveFile& file) {
    uint64_t cycle = span.first_cycle;
    for (const auto& values : span.inputs) {
      assign_all(inputs_of(twin), values);
      twin.clk_i = 1;
      twin.eval();
      file.write(cycle, WaveFile::Half::kHigh);
      twin.clk_i = 0;
      twin.eval();
      file.write(cycle++, WaveFile::Half::kLow);
    }
  }

  std::optional<Span> older_;
  std::optional<Span> recent_;
  bool held_ = false;
};

}  // namespace faultline::rtl
