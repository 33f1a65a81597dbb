// SPDX-License-Identifier: MIT
// A translation port: a client, its first-level TLB, and what control says past the TLB.
//
// Promises: each request taken from the client gets exactly one response, or *Parked* and one
// later; a reissued request goes before the client's next one; in a lockdown only reissued ones
// are taken.

module gmmu_port #(
  parameter bit Hub = 1'b0,
  parameter int unsigned Entries = 16,
  parameter int unsigned MissSlots = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  gmmu_pkg::port_t port_i,  // which we are; a constant

  input  gmmu_pkg::modes_t modes_i,

  input  logic                req_valid_i,
  output logic                req_ready_o,
  input  gmmu_pkg::request_t  req_i,
  output logic                resp_valid_o,
  input  logic                resp_ready_i,
  output gmmu_pkg::response_t resp_o,

  output logic            miss_valid_o,
  input  logic            miss_ready_i,
  output gmmu_pkg::miss_t miss_o,
  input  logic             reply_valid_i,  // to any port
  input  gmmu_pkg::reply_t reply_i,

  output logic               report_valid_o,
  input  logic               report_ready_i,
  output gmmu_pkg::report_t  report_o,
  input  logic               reissue_valid_i,
  output logic               reissue_ready_o,
  input  gmmu_pkg::reissue_t reissue_i,
  input  logic               late_valid_i,  // to any port
  output logic               late_ready_o,
  input  gmmu_pkg::late_t    late_i,
  input  logic               lockdown_i,

  input  logic             purge_i,
  input  gmmu_pkg::purge_t purge_op_i,
  output logic             purge_pending_o,
  output logic             idle_o,
  output logic             active_o  // the next edge of the clock counts
);

  logic utlb_ready, utlb_resp_valid, utlb_resp_taken, late;
  gmmu_pkg::request_t utlb_req;
  gmmu_pkg::response_t utlb_resp;

  assign reissue_ready_o = utlb_ready;
  assign req_ready_o = !reissue_valid_i && !lockdown_i && utlb_ready;
  assign utlb_req = reissue_valid_i ? reissue_i.request : req_i;

  gmmu_utlb #(
    .Hub(Hub),
    .Entries(Entries),
    .MissSlots(MissSlots)
  ) u_utlb (
    .clk_i,
    .rst_ni,
    .port_i,
    .modes_i,
    .req_valid_i(reissue_valid_i || (req_valid_i && !lockdown_i)),
    .req_ready_o(utlb_ready),
    .req_i(utlb_req),
    .req_replayed_i(reissue_valid_i),
    .req_replay_slot_i(reissue_i.replay_slot),
    .resp_valid_o(utlb_resp_valid),
    .resp_ready_i(utlb_resp_taken),
    .resp_o(utlb_resp),
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
    .idle_o
  );

  logic [1:0] grant;
  logic from_utlb;
  assign late = late_valid_i && late_i.port == port_i;
  gmmu_arbiter #(
    .N(2)
  ) u_response_arbiter (
    .clk_i,
    .rst_ni,
    .valid_i({utlb_resp_valid, late}),
    .ready_i(resp_ready_i),
    .valid_o(resp_valid_o),
    .grant_o(grant),
    .index_o(from_utlb)
  );
  assign late_ready_o = grant[0] && resp_ready_i;
  assign utlb_resp_taken = grant[1] && resp_ready_i;
  assign resp_o = from_utlb ? utlb_resp : late_i.response;

  // A reply finds its miss here.
  assign active_o = req_valid_i || reissue_valid_i || late || purge_i || !idle_o;

endmodule
