// SPDX-License-Identifier: MIT
// A request that a first-level TLB took is in one place, the register of hits or the slots, and
// leaves once: as a response to its client, or as a report if control had sent it or it faulted.
//
// Proved for the request with one tag, which may be any, for any entries of the TLB and without the
// slots. Assumed of the slots is what gmmu_miss_slots_once proves of them, and what that assumes of
// their use is asserted. Assumed of client and control: no tag is offered while it is inside.

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
  // Into the slots, and out of them.
  input logic taken,
  input logic to_slot,
  input logic slot_free,
  input logic answered,
  input gmmu_pkg::response_t answer,
  input logic slots_valid,
  input logic slots_taken,
  input gmmu_pkg::response_t slots_response,
  // The register of hits.
  input logic hit_valid_q,
  input gmmu_pkg::response_t hit_q
);

  (* anyconst *) logic [gmmu_pkg::TagBits-1:0] tag;

  logic inside_q = 1'b0, in_slots_q = 1'b0, of_control_q;
  logic is_ours, puts, responds, reports, in_hit;
  gmmu_pkg::request_t reported;
  assign reported = report_o.request;
  assign is_ours = req_valid_i && req_i.tag == tag;
  assign puts = taken && to_slot && is_ours;
  assign responds = resp_valid_o && resp_ready_i && resp_o.tag == tag;
  assign reports = report_valid_o && report_ready_i && reported.tag == tag;
  assign in_hit = hit_valid_q && hit_q.tag == tag;

  always_comb begin
    assume (!is_ours || !inside_q);
    assume (!(slots_valid && slots_response.tag == tag) || (in_slots_q && !of_control_q));
    assume (!(report_valid_o && reported.tag == tag) ||
            (in_slots_q && report_o.replayed == of_control_q));
    assume (!(slots_valid && slots_response.tag == tag && report_valid_o && reported.tag == tag));
  end

  logic was_reported_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      inside_q <= (inside_q && !responds && !reports) || (taken && is_ours);
      if (taken && is_ours) of_control_q <= req_replayed_i;
      in_slots_q <= (in_slots_q && !(slots_taken && slots_valid && slots_response.tag == tag) &&
                     !reports) || puts;

      assert (inside_q == (in_hit || in_slots_q) && !(in_hit && in_slots_q));
      assert (!in_hit || (!of_control_q && resp_valid_o));
      assert (!(resp_valid_o && resp_o.tag == tag) || (inside_q && !of_control_q));

      // The use of the slots.
      assert (!taken || req_valid_i);
      assert (!(taken && to_slot) || slot_free);
      assert (!(taken && to_slot && answered) || (req_replayed_i && answer.tag == req_i.tag));

      was_reported_q <= was_reported_q || (reports && of_control_q);
      cover (was_reported_q && responds && in_hit);
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
  .Width($bits(resp_o))
) u_response (
  .clk_i,
  .rst_ni,
  .valid_i(resp_valid_o),
  .ready_i(resp_ready_i),
  .message_i(resp_o)
);
