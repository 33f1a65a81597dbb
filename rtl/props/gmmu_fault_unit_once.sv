// SPDX-License-Identifier: MIT
// Each report is answered once, before the next is looked at: a new request always, a replayed one
// unless it stays parked or was withdrawn. A fault that parks is told first.
//
// Assumed: a report waits until it is taken, and its response is its request's, with an outcome
// that a first-level TLB gives.

module gmmu_fault_unit_once (
  input logic clk_i,
  input logic rst_ni,
  input logic report_valid_i,
  input logic report_ready_o,
  input gmmu_pkg::report_t report_i,
  input gmmu_pkg::report_t report_o,
  input logic queue_full_i,
  input logic queue_withdrawn_i,
  input logic queue_park_o,
  input logic queue_refuse_o,
  input logic queue_end_o,
  input logic queue_keep_o,
  input logic record_valid_o,
  input logic record_ready_i,
  input logic late_valid_o,
  input logic late_ready_i,
  input gmmu_pkg::late_t late_o,
  // The steps, and what they hold, for induction.
  input logic looks,
  input logic decides,
  input logic in_answer,
  input logic answers_q,
  input logic answered_q,
  input gmmu_pkg::late_t late_q
);

  // What is owed to the last report, and to whom.
  logic taken, owed_q = 1'b0, parked_q = 1'b0, told_q = 1'b0, refused_q = 1'b0, replayed_q;
  gmmu_pkg::request_t request, held_request;
  gmmu_pkg::response_t late, pending, held;
  gmmu_pkg::port_t port_q;
  logic [gmmu_pkg::TagBits-1:0] tag_q;
  assign taken = report_valid_i && report_ready_o;
  assign request = report_i.request;
  assign held_request = report_o.request;
  assign held = report_o.response;
  assign late = late_o.response;
  assign pending = late_q.response;

  // An outcome that a TLB gives.
  function automatic logic is_end(input logic replayed, input logic [2:0] outcome);
    is_end = outcome == gmmu_pkg::OutcomeFaulted ||
             (replayed && outcome <= gmmu_pkg::OutcomeSparse);
  endfunction

  logic parks, kept_q = 1'b0;
  assign parks = late.outcome == gmmu_pkg::OutcomeParked;
  always_comb begin
    // The response of a report is its request's, and the outcome one that a TLB gives.
    assume (report_i.response[gmmu_pkg::ResponseBits-1-:gmmu_pkg::TagBits] == request.tag);
    assume (is_end(report_i.replayed,
                   report_i.response[gmmu_pkg::ResponseBits-gmmu_pkg::TagBits-1-:3]));
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      if (taken) begin
        owed_q <= 1'b1;
        port_q <= report_i.port;
        tag_q <= request.tag;
        replayed_q <= report_i.replayed;
        {parked_q, refused_q, told_q} <= 3'b0;
      end else if (decides) begin
        owed_q <= !replayed_q || !(queue_keep_o || queue_withdrawn_i);
        parked_q <= queue_park_o;
        refused_q <= queue_refuse_o;
        kept_q <= kept_q || queue_keep_o;
      end else if (late_valid_o && late_ready_i) begin
        owed_q <= 1'b0;
      end
      if (record_valid_o && record_ready_i) told_q <= 1'b1;

      assert (!report_ready_o || !owed_q);
      assert (!late_valid_o || owed_q);
      assert (report_ready_o || looks || decides || late_valid_o || answered_q || record_valid_o);
      assert (!answered_q || (in_answer && !owed_q));
      assert (!late_valid_o || (late_o.port == port_q && late.tag == tag_q));
      assert (!late_valid_o || !parks || (parked_q && told_q));
      assert (!late_valid_o || (late.outcome == gmmu_pkg::OutcomeStalled) == refused_q);
      assert (queue_end_o == (decides && replayed_q));
      assert (!(queue_park_o && queue_full_i) && !(queue_park_o && replayed_q));
      assert (!queue_park_o || decides);
      // For induction: what the registers hold is what is owed.
      if (looks || decides) begin
        assert (owed_q && !told_q && !parked_q);
        assert (report_o.port == port_q && report_o.replayed == replayed_q);
        assert (held_request.tag == tag_q && held.tag == tag_q);
        assert (is_end(replayed_q, held.outcome));
      end else begin
        assert (report_ready_o || (answers_q == (owed_q || answered_q) && late_q.port == port_q &&
                                   pending.tag == tag_q &&
                                   (pending.outcome == gmmu_pkg::OutcomeStalled) == refused_q &&
                                   (pending.outcome != gmmu_pkg::OutcomeParked || parked_q)));
      end
      assert (!late_valid_o || !parked_q || told_q);
      cover (kept_q && late_valid_o && late_ready_i && parks);
    end
  end

endmodule

bind gmmu_fault_unit gmmu_fault_unit_once u_once (
  .looks(state_q == StLook),
  .in_answer(state_q == StAnswer),
  .*
);

bind gmmu_fault_unit gmmu_channel #(
  .Width($bits(report_i)),
  .Assumed(1'b1)
) u_report_waits (
  .clk_i,
  .rst_ni,
  .valid_i(report_valid_i),
  .ready_i(report_ready_o),
  .message_i(report_i)
);
