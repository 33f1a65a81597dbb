// SPDX-License-Identifier: MIT
// Every operation of MMU_INVALIDATE that was queued is carried out, and the engine comes to rest.
//
// Assumed: caches and the replay queue answer in at most one cycle more, a replay ends in at most
// two.

module gmmu_invalidate_engine_done #(
  parameter int unsigned Depth = 2,
  parameter int unsigned LongestOperation = 8  // cycles
) (
  input logic clk_i,
  input logic rst_ni,
  input logic push,
  input logic pop,
  input logic push_i,
  input logic flush_all_i,
  input logic flush_bindings_i,
  input logic empty_o,
  input logic error_o,
  input logic [7:0] space_o,
  input logic invalidate_valid_o,
  input logic invalidate_ready_i,
  input logic replay_o,
  input logic replay_ready_i,
  input logic replay_busy_i,
  input logic idle_o,
  input logic in_idle,
  input logic is_replaying
);

  logic late_q = 1'b0, busy_q = 1'b0, filled_q = 1'b0;
  logic [1:0] replaying_q = '0;
  logic [7:0] queued_q = '0, operation_q = '0;
  always_comb begin
    assume (!late_q || (!(invalidate_valid_o && !invalidate_ready_i) &&
                        !(replay_o && !replay_ready_i)));
    assume (replaying_q != 2'd2 || !replay_busy_i);
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      late_q <= (invalidate_valid_o && !invalidate_ready_i) || (replay_o && !replay_ready_i);
      replaying_q <= is_replaying ? replaying_q + 2'd1 : '0;
      queued_q <= queued_q + {7'b0, push} - {7'b0, pop};
      operation_q <= in_idle ? '0 : operation_q + 8'd1;

      // The queue counts right, refuses only when it is full, and is worked off.
      assert (queued_q <= 8'(Depth) && space_o == 8'(Depth) - queued_q);
      assert (push == (push_i && queued_q != 8'(Depth)));
      assert (!empty_o || queued_q == '0);
      assert (operation_q < 8'(LongestOperation));
      busy_q <= in_idle && queued_q != '0;
      assert (!busy_q || !in_idle);
      filled_q <= filled_q || (error_o && queued_q == 8'(Depth));
      cover (filled_q && idle_o);
    end
  end

endmodule

bind gmmu_invalidate_engine gmmu_invalidate_engine_done #(
  .Depth(Depth)
) u_done (
  .in_idle(state_q == StIdle),
  .is_replaying(state_q == StReplaying),
  .*
);
