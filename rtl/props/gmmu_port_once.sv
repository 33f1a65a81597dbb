// SPDX-License-Identifier: MIT
// Each request that a translation port took from its client is in one place until it is answered
// for good: in the TLB, with control as a report, or parked with control. Nothing else is answered.
//
// Proved for the request with one tag, which may be any, without the TLB. Assumed of the TLB is
// what gmmu_utlb_once proves of it, and what that assumes of its use is asserted; of control, what
// gmmu_fault_unit_once and gmmu_replay_queue_release prove: a report is answered once or stays
// parked; only what is parked is reissued. Of the client: a tag is free when it is used, and not
// withdrawn.

module gmmu_port_once (
  input logic clk_i,
  input logic rst_ni,
  input gmmu_pkg::port_t port_i,
  input logic req_valid_i,
  input logic req_ready_o,
  input gmmu_pkg::request_t req_i,
  input logic resp_valid_o,
  input logic resp_ready_i,
  input gmmu_pkg::response_t resp_o,
  input logic report_valid_o,
  input logic report_ready_i,
  input gmmu_pkg::report_t report_o,
  input logic reissue_valid_i,
  input logic reissue_ready_o,
  input gmmu_pkg::reissue_t reissue_i,
  input logic late_valid_i,
  input logic late_ready_o,
  input gmmu_pkg::late_t late_i,
  input logic lockdown_i,
  // Into the TLB, and out of it.
  input logic utlb_ready,
  input gmmu_pkg::request_t utlb_req,
  input logic utlb_resp_valid,
  input logic utlb_resp_taken,
  input gmmu_pkg::response_t utlb_resp
);

  (* anyconst *) logic [gmmu_pkg::TagBits-1:0] tag;
  (* anyconst *) gmmu_pkg::port_t port;
  (* anyseq *) logic stays_parked;  // what control decides of a reissued request

  // Where the request is, and whether its client waits for it.
  logic in_utlb_q = 1'b0, reported_q = 1'b0, parked_q = 1'b0, owed_q = 1'b0, of_control_q;
  logic asks, takes, reissued, enters, from_utlb, reports, is_late, answers, parks, ends;
  gmmu_pkg::request_t reported, again;
  gmmu_pkg::response_t late;
  assign reported = report_o.request;
  assign again = reissue_i.request;
  assign late = late_i.response;
  assign asks = req_valid_i && req_i.tag == tag;
  assign takes = asks && req_ready_o;
  assign reissued = reissue_valid_i && again.tag == tag;
  assign enters = takes || (reissued && reissue_ready_o);
  assign from_utlb = utlb_resp_valid && utlb_resp.tag == tag;
  assign reports = report_valid_o && report_ready_i && reported.tag == tag;
  assign is_late = late_valid_i && late_i.port == port_i && late.tag == tag;
  assign answers = is_late && late_ready_o;
  assign parks = resp_o.outcome == gmmu_pkg::OutcomeParked;
  assign ends = resp_valid_o && resp_ready_i && resp_o.tag == tag && !parks;

  always_comb begin
    assume (port_i == port);
    assume (!asks || !owed_q);
    assume (!from_utlb || (in_utlb_q && !of_control_q &&
                           utlb_resp.outcome != gmmu_pkg::OutcomeParked));
    assume (!(report_valid_o && reported.tag == tag) ||
            (in_utlb_q && report_o.replayed == of_control_q && !from_utlb));
    assume (!is_late || reported_q);
    assume (!(is_late && late.outcome == gmmu_pkg::OutcomeParked) || !of_control_q);
    assume (!reissued || parked_q);
  end

  logic replayed_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      owed_q <= (owed_q && !ends) || takes;
      if (enters) of_control_q <= reissued;
      in_utlb_q <= (in_utlb_q && !(from_utlb && utlb_resp_taken) && !reports) || enters;
      reported_q <= (reported_q && !answers) || (reports && !(of_control_q && stays_parked));
      parked_q <= (parked_q && !(reissued && reissue_ready_o)) ||
                  (reports && of_control_q && stays_parked) ||
                  (answers && late.outcome == gmmu_pkg::OutcomeParked);

      // It is in one place as long as its client waits, and nobody else's answer has its tag.
      assert (2'(in_utlb_q) + 2'(reported_q) + 2'(parked_q) == 2'(owed_q));
      assert (!(resp_valid_o && resp_o.tag == tag) || owed_q);
      assert (!(from_utlb || is_late) || resp_valid_o);
      // The use of the TLB; a reissued request goes first, and in a lockdown alone.
      assert (!(takes && (reissue_valid_i || lockdown_i)));
      assert (!enters || (utlb_ready && utlb_req.tag == tag));
      assert (!enters || !in_utlb_q);

      replayed_q <= replayed_q || (reports && of_control_q && stays_parked);
      cover (replayed_q && ends && of_control_q);
    end
  end

endmodule

bind gmmu_port gmmu_port_once u_once (.*);

bind gmmu_port gmmu_channel #(
  .Width($bits(utlb_resp)),
  .Assumed(1'b1)
) u_utlb_waits (
  .clk_i,
  .rst_ni,
  .valid_i(utlb_resp_valid),
  .ready_i(utlb_resp_taken),
  .message_i(utlb_resp)
);

bind gmmu_port gmmu_channel #(
  .Width($bits(late_i)),
  .Assumed(1'b1)
) u_late_waits (
  .clk_i,
  .rst_ni,
  .valid_i(late),
  .ready_i(late_ready_o),
  .message_i(late_i)
);

bind gmmu_port gmmu_channel #(
  .Width($bits(resp_o))
) u_response (
  .clk_i,
  .rst_ni,
  .valid_i(resp_valid_o),
  .ready_i(resp_ready_i),
  .message_i(resp_o)
);
