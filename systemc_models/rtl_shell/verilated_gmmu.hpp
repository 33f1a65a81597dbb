// SPDX-License-Identifier: MIT
// The pins of a Verilated gmmu, whatever its sizes.
#pragma once

#include <algorithm>
#include <optional>

#include "systemc_models/rtl_shell/clocked_gmmu.hpp"
#include "systemc_models/rtl_shell/verilated_top.hpp"

namespace faultline::rtl {

/// `Top` is what Verilator made of rtl/gmmu.sv with parameters that agree with the sizes.
template <typename Top>
class VerilatedGmmu : public ClockedGmmu {
 public:
  VerilatedGmmu(const GmmuSizes& sizes, mmu::Memory& memory, mmu::Clock& clock)
      : ClockedGmmu(sizes, memory, clock) {
    reset();
  }
  ~VerilatedGmmu() override { top_->final(); }

  Top& top() { return *top_; }

 protected:
  /// For those who record: the inputs of a cycle stand, they have settled, the edge has been.
  virtual void driven() {}
  virtual void settled() {}
  virtual void clocked() {}
  /// Whatever was recorded does not lead to what follows.
  virtual void restarted() {}

 private:
  static constexpr unsigned kSlaveError = 2;  // AXI4, RRESP and BRESP

  template <typename Signal>
  static void set_bit(Signal& signal, unsigned bit, bool value) {
    const auto one = static_cast<Signal>(Signal{1} << bit);
    signal = static_cast<Signal>(value ? signal | one : signal & ~one);
  }

  void run_cycle(Responses responses) override {
    drive(responses);
    driven();
    top_->clk_i = 0;
    top_->eval();
    settled();
    sample();
    top_->clk_i = 1;
    top_->eval();
    clocked();
  }

  void reset_rtl() override {
    top_->rst_ni = 0;
    for (unsigned half = 0; half < 4; ++half) {
      top_->clk_i = half % 2;
      top_->eval();
    }
    top_->rst_ni = 1;
    restarted();
  }

  bool is_idle() const override { return top_->idle_o; }

  std::optional<uint32_t> register_answer() const override {
    if (!top_->reg_rvalid_o || top_->reg_error_o) return {};
    return top_->reg_rdata_o;
  }

  void drive(Responses responses) {
    top_->now_ns_i = now_ns();
    drive_clients(responses);
    drive_registers();
    drive_memory();
  }

  void drive_clients(Responses responses) {
    const unsigned ports = sizes().ports();
    for (unsigned port = 0; port < ports; ++port) {
      const auto& waiting = queue(port);
      set_bit(top_->req_valid_i, port, !waiting.empty());
      set_bit(top_->resp_ready_i, port, responses == Responses::kTaken);
      if (!waiting.empty())
        write_request({top_->req_i.data(), port * kRequestBits, kRequestBits}, waiting.front());
    }
    top_->withdraw_valid_i = !withdrawals().empty();
    if (top_->withdraw_valid_i) {
      top_->withdraw_port_i = static_cast<uint8_t>(withdrawals().front().port);
      top_->withdraw_tag_i = withdrawals().front().tag;
    }
    top_->bar1_valid_i = bar1().has_value();
    if (bar1()) {
      top_->bar1_offset_i = bar1()->offset;
      top_->bar1_access_type_i = static_cast<uint8_t>(bar1()->access);
    }
  }

  void drive_registers() {
    top_->reg_valid_i = register_access().has_value();
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
    top_->m_axi_rvalid_i = beat != nullptr;
    if (beat) {
      top_->m_axi_rid_i = static_cast<uint8_t>(beat->id);
      std::ranges::copy(beat->data, top_->m_axi_rdata_i.data());
      top_->m_axi_rresp_i = beat->error ? kSlaveError : 0;
      top_->m_axi_rlast_i = 1;
    }
    top_->m_axi_bvalid_i = writes().response().has_value();
    top_->m_axi_bresp_i = writes().response().value_or(true) ? 0 : kSlaveError;
  }

  void sample() {
    sample_clients();
    sample_memory();
    interrupts(top_->irq_pending_o, top_->irq_rose_o);
  }

  void sample_clients() {
    const auto taken = top_->req_valid_i & top_->req_ready_o;
    const auto given = top_->resp_valid_o & top_->resp_ready_i;
    for (unsigned port = 0; port < sizes().ports() && (taken | given); ++port) {
      if (taken >> port & 1) request_taken(port);
      if (!(given >> port & 1)) continue;
      FieldReader fields(top_->resp_o.data(), port * kResponseBits, kResponseBits);
      responded(port, read_response(fields));
    }
    if (top_->withdraw_valid_i && top_->withdraw_ready_o) withdrawal_taken();
    for (unsigned port = 0; port < sizes().utlbs() && top_->space_o; ++port)
      if (top_->space_o >> port & 1) space(port);
    if (top_->bar1_valid_i && top_->bar1_ready_o) bar1_taken();
    if (top_->bar1_resp_valid_o) {
      FieldReader fields(top_->bar1_resp_o.data(), 0, kResponseBits);
      bar1_responded(read_response(fields).answer);
    }
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
};

}  // namespace faultline::rtl
