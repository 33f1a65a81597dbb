// SPDX-License-Identifier: MIT
// A request that a first-level TLB took is in one place, the second stage, the queue of hits or the
// slots, and leaves once: as a response to its client, or as a report if control had sent it or it
// faulted.
//
// Proved for the request with one tag, which may be any, for any entries of the TLB and without
// queue and slots. Assumed of these is what gmmu_hit_queue_once and gmmu_miss_slots_once prove of
// them, and what those assume of their use is asserted. Assumed of client and control: no tag is
// offered while it is inside.

module gmmu_utlb_once (
  input logic clk_i,
  input logic rst_ni,
  input logic req_valid_i,
  input gmmu_pkg::request_t req_i,
  input logic req_replayed_i,
  input logic resp_valid_o,
  input logic resp_ready_i,
  input gmmu_pkg::response_t resp_o,
  input logic report_valid_o,
  input logic report_ready_i,
  input gmmu_pkg::report_t report_o,
  // Into the second stage, and out of it.
  input logic taken,
  input logic second_valid_q,
  input logic second_replayed_q,
  input gmmu_pkg::request_t second_q,
  input logic leaves,
  input logic purge_i,
  input logic to_slot,
  input logic slot_free,
  input logic hit_free,
  input logic answered,
  input gmmu_pkg::response_t answer,
  // Out of slots and queue.
  input logic slots_valid,
  input logic slots_taken,
  input gmmu_pkg::response_t slots_response,
  input logic hits_valid,
  input logic hits_taken,
  input gmmu_pkg::response_t hits_response
);

  (* anyconst *) logic [gmmu_pkg::TagBits-1:0] tag;

  logic inside_q = 1'b0, in_slots_q = 1'b0, in_hits_q = 1'b0, of_control_q;
  logic is_ours, in_second, responds, reports, from_slots, from_hits;
  gmmu_pkg::request_t reported;
  assign reported = report_o.request;
  assign is_ours = req_valid_i && req_i.tag == tag;
  assign in_second = second_valid_q && second_q.tag == tag;
  assign responds = resp_valid_o && resp_ready_i && resp_o.tag == tag;
  assign reports = report_valid_o && report_ready_i && reported.tag == tag;
  assign from_slots = slots_valid && slots_response.tag == tag;
  assign from_hits = hits_valid && hits_response.tag == tag;

  always_comb begin
    assume (!is_ours || !inside_q);
    assume (!from_hits || in_hits_q);
    assume (!from_slots || (in_slots_q && !of_control_q));
    assume (!(report_valid_o && reported.tag == tag) ||
            (in_slots_q && report_o.replayed == of_control_q));
    assume (!(from_slots && report_valid_o && reported.tag == tag));
  end

  logic was_reported_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      inside_q <= (inside_q && !responds && !reports) || (taken && is_ours);
      if (taken && is_ours) of_control_q <= req_replayed_i;
      in_slots_q <= (in_slots_q && !(slots_taken && from_slots) && !reports) ||
                    (leaves && to_slot && in_second);
      in_hits_q <= (in_hits_q && !(hits_taken && from_hits)) || (leaves && !to_slot && in_second);

      assert (2'(in_second) + 2'(in_hits_q) + 2'(in_slots_q) == 2'(inside_q));
      assert (!in_second || second_replayed_q == of_control_q);
      assert (!in_hits_q || !of_control_q);
      assert (!from_hits || resp_valid_o);
      assert (!(resp_valid_o && resp_o.tag == tag) || (inside_q && !of_control_q));

      // The use of slots and queue.
      assert (!taken || req_valid_i);
      assert (!leaves || (second_valid_q && !purge_i && answer.tag == second_q.tag));
      assert (!(leaves && to_slot) || slot_free);
      assert (!(leaves && to_slot && answered) || second_replayed_q);
      assert (!(leaves && !to_slot) || hit_free);

      was_reported_q <= was_reported_q || (reports && of_control_q);
      cover (was_reported_q && responds && from_hits);
    end
  end

endmodule

bind gmmu_utlb gmmu_utlb_once u_once (.*);

bind gmmu_utlb gmmu_channel #(
  .Width($bits(slots_response)),
  .Assumed(1'b1)
) u_slots_wait (
  .clk_i,
  .rst_ni,
  .valid_i(slots_valid),
  .ready_i(slots_taken),
  .message_i(slots_response)
);

bind gmmu_utlb gmmu_channel #(
  .Width($bits(hits_response)),
  .Assumed(1'b1)
) u_hits_wait (
  .clk_i,
  .rst_ni,
  .valid_i(hits_valid),
  .ready_i(hits_taken),
  .message_i(hits_response)
);

bind gmmu_utlb gmmu_channel #(
  .Width($bits(resp_o))
) u_response (
  .clk_i,
  .rst_ni,
  .valid_i(resp_valid_o),
  .ready_i(resp_ready_i),
  .message_i(resp_o)
);
