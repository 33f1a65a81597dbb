// SPDX-License-Identifier: MIT
// The pins of a Verilated gmmu_stepped, whatever its sizes.
#pragma once

#include <algorithm>
#include <bit>
#include <optional>

#include "systemc_models/rtl_shell/clocked_gmmu.hpp"
#include "systemc_models/rtl_shell/verilated_top.hpp"

namespace faultline::rtl {

/// Which edges of the clock begin a cycle. Both is faster, rising ones are what people know.
enum class Edges : uint8_t { kBoth, kRising };

/// `Top` is what Verilator made of gmmu_stepped.sv with parameters that agree with the sizes.
template <typename Top>
class VerilatedGmmu : public ClockedGmmu {
 public:
  VerilatedGmmu(const GmmuSizes& sizes, mmu::Memory& memory, mmu::Clock& clock,
                Edges edges = Edges::kBoth)
      : ClockedGmmu(sizes, memory, clock) {
    top_->both_edges_i = edges == Edges::kBoth;
    top_->clk_i = 0;
    reset();
  }
  ~VerilatedGmmu() override { top_->final(); }

  Top& top() { return *top_; }

 protected:
  /// For those who record: the inputs of a cycle stand, the cycle has begun, the clock has fallen
  /// (never, if both its edges count).
  virtual void driven() {}
  virtual void rose() {}
  virtual void fell() {}
  /// Whatever was recorded does not lead to what follows.
  virtual void restarted() {}

 private:
  static constexpr unsigned kSlaveError = 2;  // AXI4, RRESP and BRESP

  void run_cycle(Responses responses) override {
    drive(responses);
    begin_cycle();
    sample();
    end_cycle();
  }

  void run_quiet_cycle() override {
    top_->now_ns_i = now_ns();
    begin_cycle();
    end_cycle();
  }

  void begin_cycle() {
    driven();
    rise();
    rose();
  }
  void end_cycle() {
    if (top_->both_edges_i) return;
    fall();
    fell();
  }

  void rise() {
    top_->clk_i = !top_->clk_i;
    top_->eval();
  }
  void fall() {
    top_->clk_i = 0;
    top_->eval();
  }

  void reset_rtl() override {
    constexpr unsigned kCycles = 2;
    drive_messages(Responses::kTaken);  // none: all were forgotten
    top_->rst_ni = 0;
    top_->eval();
    for (unsigned cycle = 0; cycle < kCycles; ++cycle) {
      rise();
      if (!top_->both_edges_i) fall();
    }
    top_->rst_ni = 1;
    restarted();
  }

  /// What the inputs of the last cycle ask for is not in the state yet.
  bool is_idle() const override { return !asks_ && top_->idle_o; }

  void drive(Responses responses) {
    top_->now_ns_i = now_ns();
    drive_messages(responses);
  }
  void drive_messages(Responses responses) {
    asks_ = false;
    drive_clients(responses);
    drive_registers();
    drive_memory();
  }

  template <typename Signal>
  static void assign(Signal& signal, uint64_t value) {
    signal = static_cast<Signal>(value);
  }
  void offer(uint8_t& valid, bool offered) {
    valid = offered;
    asks_ |= offered;
  }

  void drive_clients(Responses responses) {
    for (uint64_t left = asking(); left != 0; left &= left - 1) {
      const auto port = static_cast<unsigned>(std::countr_zero(left));
      const RequestWords words(next_request(port));
      top_->req_va_i[port] = words.va;
      top_->req_instance_i[port] = words.instance;
      top_->req_client_i[port] = words.client;
    }
    assign(top_->req_valid_i, asking());
    asks_ |= asking() != 0;
    assign(top_->resp_ready_i,
           responses == Responses::kTaken ? (uint64_t{1} << sizes().ports()) - 1 : uint64_t{0});
    offer(top_->withdraw_valid_i, !withdrawals().empty());
    if (!withdrawals().empty()) {
      top_->withdraw_port_i = static_cast<uint8_t>(withdrawals().front().port);
      top_->withdraw_tag_i = withdrawals().front().tag;
    }
    offer(top_->bar1_valid_i, bar1().has_value());
    if (bar1()) {
      top_->bar1_offset_i = bar1()->offset;
      top_->bar1_access_type_i = static_cast<uint8_t>(bar1()->access);
    }
  }

  void drive_registers() {
    offer(top_->reg_valid_i, register_access().has_value());
    if (!register_access()) return;
    top_->reg_addr_i = register_access()->offset;
    top_->reg_write_i = register_access()->is_write;
    top_->reg_wdata_i = register_access()->value;
  }

  void drive_memory() {
    top_->m_axi_arready_i = memory_ready().read_address;
    top_->m_axi_awready_i = memory_ready().write_address;
    top_->m_axi_wready_i = memory_ready().write_data;
    const ReadChannel::Read* const beat = reads().offered();
    offer(top_->m_axi_rvalid_i, beat != nullptr);
    if (beat) {
      top_->m_axi_rid_i = static_cast<uint8_t>(beat->id);
      std::ranges::copy(beat->data, top_->m_axi_rdata_i.data());
      top_->m_axi_rresp_i = beat->error ? kSlaveError : 0;
      top_->m_axi_rlast_i = 1;
    }
    offer(top_->m_axi_bvalid_i, writes().response().has_value());
    top_->m_axi_bresp_i = writes().response().value_or(true) ? 0 : kSlaveError;
  }

  void sample() {
    sample_registers();
    sample_clients();
    sample_memory();
    interrupts(top_->irq_pending_o, top_->irq_rose_o);
  }

  void sample_registers() {
    if (!top_->reg_rvalid_o) return;
    register_answered(top_->reg_error_o ? std::nullopt : std::optional(top_->reg_rdata_o));
  }

  void sample_clients() {
    const uint64_t taken = top_->req_valid_i & top_->req_ready_o;
    const uint64_t given = top_->resp_valid_o & top_->resp_ready_i;
    for (uint64_t left = taken | given; left != 0; left &= left - 1) {
      const auto port = static_cast<unsigned>(std::countr_zero(left));
      if (taken >> port & 1) request_taken(port);
      if (given >> port & 1)
        responded(port, response_of({top_->resp_pa_o[port], top_->resp_page_o[port]}));
    }
    if (top_->withdraw_valid_i && top_->withdraw_ready_o) withdrawal_taken();
    for (uint64_t left = top_->space_o; left != 0; left &= left - 1)
      space(static_cast<unsigned>(std::countr_zero(left)));
    if (top_->bar1_valid_i && top_->bar1_ready_o) bar1_taken();
    if (top_->bar1_resp_valid_o)
      bar1_responded(response_of({top_->bar1_resp_pa_o, top_->bar1_resp_page_o}).answer);
  }

  void sample_memory() {
    if (top_->m_axi_rvalid_i && top_->m_axi_rready_o) beat_taken();
    if (top_->m_axi_arvalid_o && top_->m_axi_arready_i)
      address_read(top_->m_axi_arid_o, static_cast<mmu::Aperture>(top_->m_axi_aruser_o),
                   top_->m_axi_araddr_o);
    if (top_->m_axi_bvalid_i && top_->m_axi_bready_o) write_response_taken();
    if (top_->m_axi_awvalid_o && top_->m_axi_awready_i)
      address_written(static_cast<mmu::Aperture>(top_->m_axi_awuser_o), top_->m_axi_awaddr_o);
    if (top_->m_axi_wvalid_o && top_->m_axi_wready_i)
      beat_written(top_->m_axi_wdata_o.data(), top_->m_axi_wstrb_o, top_->m_axi_wlast_o != 0);
  }

  VerilatedTop<Top> top_ = make_top<Top>();
  bool asks_ = false;  // an input of the last cycle that was driven
};

}  // namespace faultline::rtl
