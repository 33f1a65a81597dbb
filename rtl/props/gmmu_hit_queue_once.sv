// SPDX-License-Identifier: MIT
// A hit leaves its queue once, and the mark of those that a purge found there is exact.
//
// Proved for the hit with one tag, which may be any. Assumed: a hit that is put in was looked at,
// has a place, and no other with its tag is inside; none is put in at a mark. gmmu_utlb_once
// asserts these.

module gmmu_hit_queue_once (
  input logic clk_i,
  input logic rst_ni,
  input logic look_i,
  input logic put_i,
  input logic put_ready_o,
  input gmmu_pkg::response_t put_response_i,
  input logic valid_o,
  input logic ready_i,
  input gmmu_pkg::response_t response_o,
  input logic mark_i,
  input logic marked_o,
  // The queue, for induction.
  input logic front_valid_q,
  input logic back_valid_q,
  input logic front_marked_q,
  input logic back_marked_q,
  input gmmu_pkg::response_t front_q,
  input gmmu_pkg::response_t back_q
);

  (* anyconst *) logic [gmmu_pkg::TagBits-1:0] tag;

  logic inside_q = 1'b0, old_q = 1'b0, puts, leaves, in_front, in_back;
  assign puts = put_i && put_response_i.tag == tag;
  assign leaves = valid_o && ready_i && response_o.tag == tag;
  assign in_front = front_valid_q && front_q.tag == tag;
  assign in_back = back_valid_q && back_q.tag == tag;

  always_comb begin
    assume (!put_i || (put_ready_o && look_i && !mark_i));
    assume (!puts || !inside_q);
  end

  logic waited_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      inside_q <= (inside_q && !leaves) || puts;
      old_q <= (inside_q && !leaves && mark_i) || (old_q && !leaves);

      assert (2'(in_front) + 2'(in_back) == 2'(inside_q));
      assert (!back_valid_q || front_valid_q);
      assert (!(valid_o && response_o.tag == tag) || inside_q);
      // Who is marked is here, and was at a mark.
      assert (!old_q || (inside_q && marked_o));
      assert (!front_marked_q || front_valid_q);
      assert (!back_marked_q || (back_valid_q && front_marked_q));
      assert (!in_front || front_marked_q == old_q);
      assert (!in_back || back_marked_q == old_q);

      waited_q <= waited_q || (in_back && back_marked_q);
      cover (waited_q && leaves && put_i);
    end
  end

endmodule

bind gmmu_hit_queue gmmu_hit_queue_once u_once (.*);

bind gmmu_hit_queue gmmu_channel #(
  .Width($bits(response_o))
) u_response (
  .clk_i,
  .rst_ni,
  .valid_i(valid_o),
  .ready_i,
  .message_i(response_o)
);
