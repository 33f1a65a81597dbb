// SPDX-License-Identifier: MIT
// The GMMU: translation with replayable faults, as the GV100 manuals describe it.
//
// Promises: see docs/developer/rtl.md; each request gets one answer, or is parked, reported, and
// answered after a replay, unless it is withdrawn.

module gmmu #(
  parameter int unsigned NumGpcs = 4,
  parameter int unsigned UtlbsPerGpc = 9,
  parameter int unsigned UtlbEntries = 16,
  parameter int unsigned MissSlots = 4,
  parameter int unsigned L2Sets = 64,
  parameter int unsigned L2Ways = 8,
  parameter int unsigned Walkers = 4,
  parameter int unsigned Waiters = 16,
  parameter int unsigned PdeCacheEntries = 16,
  parameter int unsigned BindingEntries = 8,
  parameter int unsigned ReplayDepth = 64,
  parameter int unsigned InvalidateDepth = 32,
  parameter int unsigned DefaultFaultBufferEntries = 1024,
  localparam int unsigned NumUtlbs = NumGpcs * UtlbsPerGpc,
  localparam int unsigned NumPorts = NumUtlbs + 1
) (
  input  logic clk_i,
  input  logic rst_ni,

  // Port g * UtlbsPerGpc + u is uTLB u of GPC g; the last is the copy engines'.
  input  logic [NumPorts-1:0]                             req_valid_i,
  output logic [NumPorts-1:0]                             req_ready_o,
  input  logic [NumPorts-1:0][gmmu_pkg::RequestBits-1:0]  req_i,  // request_t
  output logic [NumPorts-1:0]                             resp_valid_o,
  input  logic [NumPorts-1:0]                             resp_ready_i,
  output logic [NumPorts-1:0][gmmu_pkg::ResponseBits-1:0] resp_o,  // response_t
  output logic [NumUtlbs-1:0]                             space_o,
  input  logic                         withdraw_valid_i,
  output logic                         withdraw_ready_o,
  input  gmmu_pkg::port_t              withdraw_port_i,
  input  logic [gmmu_pkg::TagBits-1:0] withdraw_tag_i,

  input  logic                bar1_valid_i,
  output logic                bar1_ready_o,
  input  logic [63:0]         bar1_offset_i,
  input  logic [3:0]          bar1_access_type_i,  // access_type_e
  output logic                bar1_resp_valid_o,
  output gmmu_pkg::response_t bar1_resp_o,

  input  logic        reg_valid_i,
  input  logic        reg_write_i,
  input  logic [23:0] reg_addr_i,
  input  logic [31:0] reg_wdata_i,
  output logic        reg_rvalid_o,
  output logic [31:0] reg_rdata_o,
  output logic        reg_error_o,

  output logic [31:0] irq_pending_o,  // niso_intr_t
  output logic [31:0] irq_rose_o,
  input  logic [63:0] now_ns_i,

  output logic                           m_axi_arvalid_o,
  input  logic                           m_axi_arready_i,
  output logic [gmmu_pkg::AxiIdBits-1:0] m_axi_arid_o,
  output logic [63:0]                    m_axi_araddr_o,
  output logic [7:0]                     m_axi_arlen_o,
  output logic [2:0]                     m_axi_arsize_o,
  output logic [1:0]                     m_axi_arburst_o,
  output logic [1:0]                     m_axi_aruser_o,
  input  logic                           m_axi_rvalid_i,
  output logic                           m_axi_rready_o,
  input  logic [gmmu_pkg::AxiIdBits-1:0] m_axi_rid_i,
  input  logic [127:0]                   m_axi_rdata_i,
  input  logic [1:0]                     m_axi_rresp_i,
  input  logic                           m_axi_rlast_i,
  output logic                           m_axi_awvalid_o,
  input  logic                           m_axi_awready_i,
  output logic [gmmu_pkg::AxiIdBits-1:0] m_axi_awid_o,
  output logic [63:0]                    m_axi_awaddr_o,
  output logic [7:0]                     m_axi_awlen_o,
  output logic [2:0]                     m_axi_awsize_o,
  output logic [1:0]                     m_axi_awburst_o,
  output logic [1:0]                     m_axi_awuser_o,
  output logic                           m_axi_wvalid_o,
  input  logic                           m_axi_wready_i,
  output logic [127:0]                   m_axi_wdata_o,
  output logic [15:0]                    m_axi_wstrb_o,
  output logic                           m_axi_wlast_o,
  input  logic                           m_axi_bvalid_i,
  output logic                           m_axi_bready_o,
  input  logic [1:0]                     m_axi_bresp_i,

  output logic idle_o  // nothing is in flight
);

  logic report_valid, report_ready, bar_report_valid, bar_report_ready, late_valid, late_ready;
  logic reissue_valid, reissue_ready, lockdown, invalidate_valid, invalidate_ready;
  logic bar2_valid, bar2_ready, bar2_resp_valid, bar1_ready, bar1_hold, core_idle;
  logic control_idle, control_active, control_clk;
  logic [63:0] bar2_address;
  gmmu_pkg::report_t report, bar_report;
  gmmu_pkg::late_t late;
  gmmu_pkg::reissue_t reissue;
  gmmu_pkg::invalidate_t invalidate;
  gmmu_pkg::response_t bar2_resp;
  gmmu_pkg::modes_t modes;
  faultline_regs_pkg::bar1_block_t bar1_block;
  faultline_regs_pkg::bar2_block_t bar2_block;

  gmmu_core #(
    .NumUtlbs(NumUtlbs),
    .UtlbEntries(UtlbEntries),
    .MissSlots(MissSlots),
    .L2Sets(L2Sets),
    .L2Ways(L2Ways),
    .Walkers(Walkers),
    .Waiters(Waiters),
    .PdeCacheEntries(PdeCacheEntries),
    .BindingEntries(BindingEntries)
  ) u_core (
    .clk_i,
    .rst_ni,
    .req_valid_i,
    .req_ready_o,
    .req_i,
    .resp_valid_o,
    .resp_ready_i,
    .resp_o,
    .bar1_valid_i(bar1_valid_i && !bar1_hold),
    .bar1_ready_o(bar1_ready),
    .bar1_offset_i,
    .bar1_access_type_i,
    .bar1_resp_valid_o,
    .bar1_resp_o,
    .report_valid_o(report_valid),
    .report_ready_i(report_ready),
    .report_o(report),
    .bar_report_valid_o(bar_report_valid),
    .bar_report_ready_i(bar_report_ready),
    .bar_report_o(bar_report),
    .late_valid_i(late_valid),
    .late_ready_o(late_ready),
    .late_i(late),
    .reissue_valid_i(reissue_valid),
    .reissue_ready_o(reissue_ready),
    .reissue_i(reissue),
    .lockdown_i(lockdown),
    .invalidate_valid_i(invalidate_valid),
    .invalidate_ready_o(invalidate_ready),
    .invalidate_i(invalidate),
    .bar2_valid_i(bar2_valid),
    .bar2_ready_o(bar2_ready),
    .bar2_address_i(bar2_address),
    .bar2_resp_valid_o(bar2_resp_valid),
    .bar2_resp_o(bar2_resp),
    .modes_i(modes),
    .bar1_block_i(bar1_block),
    .bar2_block_i(bar2_block),
    .arvalid_o(m_axi_arvalid_o),
    .arready_i(m_axi_arready_i),
    .arid_o(m_axi_arid_o),
    .araddr_o(m_axi_araddr_o),
    .arlen_o(m_axi_arlen_o),
    .arsize_o(m_axi_arsize_o),
    .arburst_o(m_axi_arburst_o),
    .aruser_o(m_axi_aruser_o),
    .rvalid_i(m_axi_rvalid_i),
    .rready_o(m_axi_rready_o),
    .rid_i(m_axi_rid_i),
    .rdata_i(m_axi_rdata_i),
    .rresp_i(m_axi_rresp_i),
    .rlast_i(m_axi_rlast_i),
    .idle_o(core_idle)
  );

  gmmu_clock_gate u_control_clock_gate (
    .clk_i,
    .enable_i(control_active || !rst_ni),
    .clk_o(control_clk)
  );

  gmmu_control #(
    .NumGpcs(NumGpcs),
    .UtlbsPerGpc(UtlbsPerGpc),
    .ReplayDepth(ReplayDepth),
    .InvalidateDepth(InvalidateDepth),
    .DefaultFaultBufferEntries(DefaultFaultBufferEntries)
  ) u_control (
    .clk_i(control_clk),
    .rst_ni,
    .report_valid_i(report_valid),
    .report_ready_o(report_ready),
    .report_i(report),
    .bar_report_valid_i(bar_report_valid),
    .bar_report_ready_o(bar_report_ready),
    .bar_report_i(bar_report),
    .late_valid_o(late_valid),
    .late_ready_i(late_ready),
    .late_o(late),
    .reissue_valid_o(reissue_valid),
    .reissue_ready_i(reissue_ready),
    .reissue_o(reissue),
    .lockdown_o(lockdown),
    .invalidate_valid_o(invalidate_valid),
    .invalidate_ready_i(invalidate_ready),
    .invalidate_o(invalidate),
    .bar2_valid_o(bar2_valid),
    .bar2_ready_i(bar2_ready),
    .bar2_address_o(bar2_address),
    .bar2_resp_valid_i(bar2_resp_valid),
    .bar2_resp_i(bar2_resp),
    .modes_o(modes),
    .bar1_block_o(bar1_block),
    .bar2_block_o(bar2_block),
    .bar1_hold_o(bar1_hold),
    .space_o,
    .withdraw_valid_i,
    .withdraw_ready_o,
    .withdraw_port_i,
    .withdraw_tag_i,
    .reg_valid_i,
    .reg_write_i,
    .reg_addr_i,
    .reg_wdata_i,
    .reg_rvalid_o,
    .reg_rdata_o,
    .reg_error_o,
    .irq_pending_o,
    .irq_rose_o,
    .now_ns_i,
    .awvalid_o(m_axi_awvalid_o),
    .awready_i(m_axi_awready_i),
    .awid_o(m_axi_awid_o),
    .awaddr_o(m_axi_awaddr_o),
    .awlen_o(m_axi_awlen_o),
    .awsize_o(m_axi_awsize_o),
    .awburst_o(m_axi_awburst_o),
    .awuser_o(m_axi_awuser_o),
    .wvalid_o(m_axi_wvalid_o),
    .wready_i(m_axi_wready_i),
    .wdata_o(m_axi_wdata_o),
    .wstrb_o(m_axi_wstrb_o),
    .wlast_o(m_axi_wlast_o),
    .bvalid_i(m_axi_bvalid_i),
    .bready_o(m_axi_bready_o),
    .bresp_i(m_axi_bresp_i),
    .idle_o(control_idle),
    .active_o(control_active)
  );

  // A host access waits for the binding that it should use.
  assign bar1_ready_o = bar1_ready && !bar1_hold;
  assign idle_o = core_idle && control_idle;

endmodule
