// SPDX-License-Identifier: MIT
// When caches are purged, the last reply that taught a port anything is two cycles old: the port
// has kept it, and what it kept is purged.
//
// Proved without walks, L2 TLB and bindings, which may say anything. Assumed of walks: once they
// are aborted, they end as Retry.

module gmmu_hub_settled (
  input logic clk_i,
  input logic rst_ni,
  input logic abort,
  input logic draining,
  input logic purge_o,
  input logic walk_offered,
  input logic walk_replies,
  input gmmu_pkg::reply_t walk_reply,
  input logic reply_valid_o,
  input gmmu_pkg::reply_t reply_o
);

  logic teaches, taught_q = 1'b0, ever_taught_q = 1'b0, aborted_q = 1'b0;
  assign teaches = reply_valid_o && reply_o.result != gmmu_pkg::ResultRetry;

  always_comb begin
    assume (!walk_replies || walk_offered);
    assume (!(walk_replies && aborted_q) || walk_reply.result == gmmu_pkg::ResultRetry);
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      aborted_q <= abort || (aborted_q && !purge_o);
      taught_q <= teaches;
      ever_taught_q <= ever_taught_q || teaches;
      assert (!(draining || purge_o) || aborted_q);
      assert (!purge_o || !(teaches || taught_q));
      cover (purge_o && ever_taught_q);
    end
  end

endmodule

bind gmmu_hub gmmu_hub_settled u_settled (.*);
