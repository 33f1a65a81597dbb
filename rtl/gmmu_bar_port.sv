// SPDX-License-Identifier: MIT
// The port of the BARs: host accesses through BAR1, packets written behind BAR2.
//
// Promises: one access at a time, BAR2 first; each gets one response. A fault goes to control, as a
// report for the snapshot, before the response says *Faulted*: so a packet is never kept waiting by
// the reports of other ports.

module gmmu_bar_port #(
  parameter int unsigned Entries = 16
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  gmmu_pkg::port_t port_i,  // which we are; a constant

  input  gmmu_pkg::modes_t                modes_i,
  input  faultline_regs_pkg::bar1_block_t bar1_block_i,
  input  faultline_regs_pkg::bar2_block_t bar2_block_i,

  input  logic        bar1_valid_i,
  output logic        bar1_ready_o,
  input  logic [63:0] bar1_offset_i,
  input  logic [3:0]  bar1_access_type_i,
  output logic        bar1_resp_valid_o,
  input  logic        bar2_valid_i,
  output logic        bar2_ready_o,
  input  logic [63:0] bar2_offset_i,
  output logic        bar2_resp_valid_o,
  output gmmu_pkg::response_t resp_o,  // of either

  output logic            miss_valid_o,
  input  logic            miss_ready_i,
  output gmmu_pkg::miss_t miss_o,
  input  logic             reply_valid_i,
  input  gmmu_pkg::reply_t reply_i,
  output logic              report_valid_o,
  input  logic              report_ready_i,
  output gmmu_pkg::report_t report_o,

  input  logic             purge_i,
  input  gmmu_pkg::purge_t purge_op_i,
  output logic             purge_pending_o,
  output logic             idle_o,
  output logic             active_o  // the next edge of the clock counts
);

  typedef enum logic [1:0] {
    StIdle,
    StAsk,
    StWait,
    StAnswer
  } state_e;
  state_e state_q;
  logic is_bar2_q;
  gmmu_pkg::request_t request_q;
  gmmu_pkg::response_t response_q;

  logic start, virtual_mode;
  logic [27:0] block_ptr;
  logic [1:0] block_target;
  logic [63:0] offset;
  assign start = state_q == StIdle && (bar1_valid_i || bar2_valid_i);
  assign bar2_ready_o = state_q == StIdle;
  assign bar1_ready_o = state_q == StIdle && !bar2_valid_i;
  assign virtual_mode = (bar2_valid_i ? bar2_block_i.mode : bar1_block_i.mode) ==
                        faultline_regs_pkg::BarModeVirtual;
  assign block_ptr = bar2_valid_i ? bar2_block_i.ptr : bar1_block_i.ptr;
  assign block_target = bar2_valid_i ? bar2_block_i.target : bar1_block_i.target;
  assign offset = bar2_valid_i ? bar2_offset_i : bar1_offset_i;

  gmmu_pkg::request_t request;
  assign request.va = offset;
  assign request.access_type =
      bar2_valid_i ? faultline_regs_pkg::AccessTypeWrite : bar1_access_type_i;
  assign request.privileged = 1'b1;
  assign request.inst = {24'b0, block_ptr, block_target};
  assign request.engine_id =
      bar2_valid_i ? faultline_regs_pkg::EngineIdBar2 : faultline_regs_pkg::EngineIdBar1;
  assign request.client_type = faultline_regs_pkg::ClientTypeHub;
  assign request.client = faultline_regs_pkg::HubClientHostCpu;
  assign request.gpc_id = '0;
  assign request.tag = '0;

  logic ask_ready, answered, reported, utlb_idle;
  gmmu_pkg::response_t answer, physical, reported_response;
  // In physical mode a BAR is video memory.
  assign physical = {16'b0, gmmu_pkg::OutcomeTranslated, offset,
                     faultline_regs_pkg::PteApertureVidmem, 3'b0, gmmu_pkg::PageSize2m, 3'b0, 8'b0,
                     faultline_regs_pkg::FaultTypePde};

  gmmu_utlb #(
    .Hub(1'b1),
    .Entries(Entries),
    .MissSlots(1)
  ) u_utlb (
    .clk_i,
    .rst_ni,
    .port_i,
    .modes_i,
    .req_valid_i(state_q == StAsk),
    .req_ready_o(ask_ready),
    .req_i(request_q),
    .req_replayed_i(1'b0),
    .req_replay_slot_i('0),
    .resp_valid_o(answered),
    .resp_ready_i(1'b1),
    .resp_o(answer),
    .report_valid_o,
    .report_ready_i,
    .report_o,
    .miss_valid_o,
    .miss_ready_i,
    .miss_o,
    .reply_valid_i,
    .reply_i,
    .purge_i,
    .purge_op_i,
    .purge_pending_o,
    .idle_o(utlb_idle)
  );
  assign reported = report_valid_o && report_ready_i;
  assign reported_response = report_o.response;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
    end else begin
      case (state_q)
        StIdle: if (start) state_q <= virtual_mode ? StAsk : StAnswer;
        StAsk: if (ask_ready) state_q <= StWait;
        StWait: if (answered || reported) state_q <= StAnswer;
        StAnswer: state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
    end
  end
  always_ff @(posedge clk_i) begin
    if (start) begin
      is_bar2_q <= bar2_valid_i;
      request_q <= request;
      response_q <= physical;
    end
    if (answered) response_q <= answer;
    // That it is taken is known late.
    if (report_valid_o) response_q <= reported_response;
  end

  assign bar1_resp_valid_o = state_q == StAnswer && !is_bar2_q;
  assign bar2_resp_valid_o = state_q == StAnswer && is_bar2_q;
  assign resp_o = response_q;
  assign idle_o = state_q == StIdle && utlb_idle;
  assign active_o = bar1_valid_i || bar2_valid_i || purge_i || !idle_o;

endmodule
