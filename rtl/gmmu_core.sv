// SPDX-License-Identifier: MIT
// The part of the MMU that all generations share: translation ports, the BARs' port, the hub, and
// the reads of memory. Control, which knows the generation, is beside it.
//
// Nothing but instances and what joins them.

module gmmu_core #(
  parameter int unsigned NumUtlbs = 36,
  parameter int unsigned UtlbEntries = 16,
  parameter int unsigned MissSlots = 4,
  parameter int unsigned L2Sets = 64,
  parameter int unsigned L2Ways = 8,
  parameter int unsigned Walkers = 4,
  parameter int unsigned Waiters = 16,
  parameter int unsigned PdeCacheEntries = 16,
  parameter int unsigned BindingEntries = 8,
  // The copy engines' port is the one behind those of the uTLBs.
  localparam int unsigned NumPorts = NumUtlbs + 1
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic [NumPorts-1:0]                             req_valid_i,
  output logic [NumPorts-1:0]                             req_ready_o,
  input  logic [NumPorts-1:0][gmmu_pkg::RequestBits-1:0]  req_i,
  output logic [NumPorts-1:0]                             resp_valid_o,
  input  logic [NumPorts-1:0]                             resp_ready_i,
  output logic [NumPorts-1:0][gmmu_pkg::ResponseBits-1:0] resp_o,

  input  logic                bar1_valid_i,
  output logic                bar1_ready_o,
  input  logic [63:0]         bar1_offset_i,
  input  logic [3:0]          bar1_access_type_i,  // access_type_e
  output logic                bar1_resp_valid_o,
  output gmmu_pkg::response_t bar1_resp_o,

  // Between core and control: the messages of gmmu_control, seen from here.
  output logic               report_valid_o,
  input  logic               report_ready_i,
  output gmmu_pkg::report_t  report_o,
  output logic               bar_report_valid_o,
  input  logic               bar_report_ready_i,
  output gmmu_pkg::report_t  bar_report_o,
  input  logic               late_valid_i,
  output logic               late_ready_o,
  input  gmmu_pkg::late_t    late_i,
  input  logic               reissue_valid_i,
  output logic               reissue_ready_o,
  input  gmmu_pkg::reissue_t reissue_i,
  input  logic               lockdown_i,
  input  logic                  invalidate_valid_i,
  output logic                  invalidate_ready_o,
  input  gmmu_pkg::invalidate_t invalidate_i,
  input  logic                bar2_valid_i,
  output logic                bar2_ready_o,
  input  logic [63:0]         bar2_address_i,
  output logic                bar2_resp_valid_o,
  output gmmu_pkg::response_t bar2_resp_o,
  input  gmmu_pkg::modes_t                modes_i,
  input  faultline_regs_pkg::bar1_block_t bar1_block_i,
  input  faultline_regs_pkg::bar2_block_t bar2_block_i,

  output logic                           arvalid_o,
  input  logic                           arready_i,
  output logic [gmmu_pkg::AxiIdBits-1:0] arid_o,
  output logic [63:0]                    araddr_o,
  output logic [7:0]                     arlen_o,
  output logic [2:0]                     arsize_o,
  output logic [1:0]                     arburst_o,
  output logic [1:0]                     aruser_o,
  input  logic                           rvalid_i,
  output logic                           rready_o,
  input  logic [gmmu_pkg::AxiIdBits-1:0] rid_i,
  input  logic [127:0]                   rdata_i,
  input  logic [1:0]                     rresp_i,
  input  logic                           rlast_i,

  output logic idle_o
);

  localparam int unsigned NumTlbs = NumPorts + 1;
  localparam int unsigned BarPort = NumPorts;
  localparam int unsigned TlbBits = $clog2(NumTlbs);
  localparam int unsigned PortBits = $clog2(NumPorts);

  logic [NumTlbs-1:0] miss_valid, miss_taken, purge_pending, port_idle;
  logic [gmmu_pkg::MissBits-1:0] miss[NumTlbs];
  logic [NumPorts-1:0] report_valid, report_taken, reissue_ready, late_ready;
  logic [gmmu_pkg::ReportBits-1:0] report[NumPorts];
  logic port_reissue_valid;
  logic [NumPorts-1:0] port_reissue_to;
  gmmu_pkg::reissue_t port_reissue;
  logic reply_valid, purge;
  gmmu_pkg::reply_t reply;
  gmmu_pkg::purge_t purge_op;

  for (genvar p = 0; p < NumPorts; p++) begin : gen_port
    logic port_clk, port_active;
    gmmu_clock_gate u_clock_gate (
      .clk_i,
      .enable_i(port_active || !rst_ni),
      .clk_o(port_clk)
    );
    gmmu_port #(
      .Hub(p >= NumUtlbs),
      .Entries(UtlbEntries),
      .MissSlots(MissSlots)
    ) u_port (
      .clk_i(port_clk),
      .rst_ni,
      .port_i(gmmu_pkg::PortBits'(p)),
      .modes_i,
      .req_valid_i(req_valid_i[p]),
      .req_ready_o(req_ready_o[p]),
      .req_i(req_i[p]),
      .resp_valid_o(resp_valid_o[p]),
      .resp_ready_i(resp_ready_i[p]),
      .resp_o(resp_o[p]),
      .miss_valid_o(miss_valid[p]),
      .miss_ready_i(miss_taken[p]),
      .miss_o(miss[p]),
      .reply_valid_i(reply_valid),
      .reply_i(reply),
      .report_valid_o(report_valid[p]),
      .report_ready_i(report_taken[p]),
      .report_o(report[p]),
      .reissue_valid_i(port_reissue_valid && port_reissue_to[p]),
      .reissue_ready_o(reissue_ready[p]),
      .reissue_i(port_reissue),
      .late_valid_i,
      .late_ready_o(late_ready[p]),
      .late_i,
      .lockdown_i,
      .purge_i(purge),
      .purge_op_i(purge_op),
      .purge_pending_o(purge_pending[p]),
      .idle_o(port_idle[p]),
      .active_o(port_active)
    );
  end
  assign late_ready_o = |late_ready;

  gmmu_pkg::response_t bar_resp;
  logic bar_clk, bar_active;
  gmmu_clock_gate u_bar_clock_gate (
    .clk_i,
    .enable_i(bar_active || !rst_ni),
    .clk_o(bar_clk)
  );
  gmmu_bar_port #(
    .Entries(UtlbEntries)
  ) u_bar_port (
    .clk_i(bar_clk),
    .rst_ni,
    .port_i(gmmu_pkg::PortBits'(BarPort)),
    .modes_i,
    .bar1_block_i,
    .bar2_block_i,
    .bar1_valid_i,
    .bar1_ready_o,
    .bar1_offset_i,
    .bar1_access_type_i,
    .bar1_resp_valid_o,
    .bar2_valid_i,
    .bar2_ready_o,
    .bar2_offset_i(bar2_address_i),
    .bar2_resp_valid_o,
    .resp_o(bar_resp),
    .miss_valid_o(miss_valid[BarPort]),
    .miss_ready_i(miss_taken[BarPort]),
    .miss_o(miss[BarPort]),
    .reply_valid_i(reply_valid),
    .reply_i(reply),
    .report_valid_o(bar_report_valid_o),
    .report_ready_i(bar_report_ready_i),
    .report_o(bar_report_o),
    .purge_i(purge),
    .purge_op_i(purge_op),
    .purge_pending_o(purge_pending[BarPort]),
    .idle_o(port_idle[BarPort]),
    .active_o(bar_active)
  );
  assign bar1_resp_o = bar_resp;
  assign bar2_resp_o = bar_resp;

  // A fetch is the hub's, so the hub is active as long as the reader is.
  logic hub_clk, hub_active;
  gmmu_clock_gate u_hub_clock_gate (
    .clk_i,
    .enable_i(hub_active || !rst_ni),
    .clk_o(hub_clk)
  );

  // Misses to the hub, reports to control: one a cycle each.
  logic hub_valid, hub_ready, hub_idle;
  logic [NumTlbs-1:0] miss_grant;
  logic [TlbBits-1:0] miss_index;
  gmmu_arbiter #(
    .N(NumTlbs)
  ) u_miss_arbiter (
    .clk_i(hub_clk),
    .rst_ni,
    .valid_i(miss_valid),
    .ready_i(hub_ready),
    .valid_o(hub_valid),
    .grant_o(miss_grant),
    .index_o(miss_index)
  );
  assign miss_taken = hub_ready ? miss_grant : '0;
  gmmu_pkg::miss_t granted_miss;
  always_comb begin
    granted_miss = '0;
    for (int unsigned p = 0; p < NumTlbs; p++) begin
      if (miss_grant[p]) granted_miss = granted_miss | miss[p];
    end
  end

  // What control and the ports say to each other about parked requests goes through registers: so
  // neither sees the other's decisions in the same cycle.
  logic [NumPorts-1:0] report_grant;
  logic [PortBits-1:0] report_index;
  logic report_waits, report_taking, replay_clk, replay_idle;
  gmmu_clock_gate u_replay_clock_gate (
    .clk_i,
    .enable_i(!replay_idle || reissue_valid_i || !rst_ni),
    .clk_o(replay_clk)
  );
  assign replay_idle = !report_waits && !report_valid_o && !port_reissue_valid;
  gmmu_arbiter #(
    .N(NumPorts)
  ) u_report_arbiter (
    .clk_i(replay_clk),
    .rst_ni,
    .valid_i(report_valid),
    .ready_i(report_taking),
    .valid_o(report_waits),
    .grant_o(report_grant),
    .index_o(report_index)
  );
  assign report_taken = report_taking ? report_grant : '0;
  // By the grant and not by its number: nothing is gathered that is not chosen.
  gmmu_pkg::report_t granted_report;
  always_comb begin
    granted_report = '0;
    for (int unsigned p = 0; p < NumPorts; p++) begin
      if (report_grant[p]) granted_report = granted_report | report[p];
    end
  end
  gmmu_channel_register #(
    .Width(gmmu_pkg::ReportBits)
  ) u_report (
    .clk_i(replay_clk),
    .rst_ni,
    .valid_i(report_waits),
    .ready_o(report_taking),
    .message_i(granted_report),
    .valid_o(report_valid_o),
    .ready_i(report_ready_i),
    .message_o(report_o)
  );

  logic [NumPorts-1:0] reissue_to;
  for (genvar p = 0; p < NumPorts; p++) begin : gen_reissue_to
    assign reissue_to[p] = reissue_i.port == gmmu_pkg::PortBits'(p);
  end
  gmmu_channel_register #(
    .Width(NumPorts + gmmu_pkg::ReissueBits)
  ) u_reissue (
    .clk_i(replay_clk),
    .rst_ni,
    .valid_i(reissue_valid_i),
    .ready_o(reissue_ready_o),
    .message_i({reissue_to, reissue_i}),
    .valid_o(port_reissue_valid),
    .ready_i(|(port_reissue_to & reissue_ready)),
    .message_o({port_reissue_to, port_reissue})
  );

  logic [Walkers:0] fetch_valid, fetch_ready, data_valid;
  logic [Walkers:0][gmmu_pkg::FetchBits-1:0] fetch;
  logic [127:0] data;
  logic data_error;
  gmmu_hub #(
    .L2Sets(L2Sets),
    .L2Ways(L2Ways),
    .Walkers(Walkers),
    .Waiters(Waiters),
    .PdeCacheEntries(PdeCacheEntries),
    .BindingEntries(BindingEntries)
  ) u_hub (
    .clk_i(hub_clk),
    .rst_ni,
    .modes_i,
    .miss_valid_i(hub_valid),
    .miss_ready_o(hub_ready),
    .miss_i(granted_miss),
    .reply_valid_o(reply_valid),
    .reply_o(reply),
    .invalidate_valid_i,
    .invalidate_ready_o,
    .invalidate_i,
    .purge_o(purge),
    .purge_op_o(purge_op),
    .purge_pending_i(|purge_pending),
    .fetch_valid_o(fetch_valid),
    .fetch_ready_i(fetch_ready),
    .fetch_o(fetch),
    .data_valid_i(data_valid),
    .data_i(data),
    .data_error_i(data_error),
    .idle_o(hub_idle),
    .active_o(hub_active)
  );

  gmmu_axi_reader #(
    .Readers(Walkers + 1)
  ) u_axi_reader (
    .clk_i(hub_clk),
    .rst_ni,
    .fetch_valid_i(fetch_valid),
    .fetch_ready_o(fetch_ready),
    .fetch_i(fetch),
    .data_valid_o(data_valid),
    .data_o(data),
    .data_error_o(data_error),
    .arvalid_o,
    .arready_i,
    .arid_o,
    .araddr_o,
    .arlen_o,
    .arsize_o,
    .arburst_o,
    .aruser_o,
    .rvalid_i,
    .rready_o,
    .rid_i,
    .rdata_i,
    .rresp_i,
    .rlast_i
  );

  assign idle_o = &port_idle && hub_idle && replay_idle;

endmodule
