// SPDX-License-Identifier: MIT
// A replay sends every request that was parked when it began, once, and ends.
//
// Proved for one slot of one list, which may be any. Assumed: a reissue is taken at once, and ends
// within two cycles, only then, and in its own list. A start comes when the last replay is over,
// and there are no withdrawals.

module gmmu_replay_queue_release #(
  parameter int unsigned Lists = 2,
  parameter int unsigned Depth = 2
) (
  input logic clk_i,
  input logic rst_ni,
  input gmmu_pkg::port_t list_i,
  input logic full_o,
  input logic park_i,
  input logic refuse_i,
  input gmmu_pkg::replay_slot_t slot_i,
  input logic withdrawn_o,
  input logic end_i,
  input logic keep_i,
  input logic start_i,
  input logic start_ready_o,
  input logic busy_o,
  input logic reissue_valid_o,
  input logic reissue_ready_i,
  input gmmu_pkg::reissue_t reissue_o,
  input logic withdraw_valid_i,
  input logic [Lists-1:0][Depth-1:0] parked,
  input logic [Lists-1:0][Depth-1:0] sent
);

  localparam logic [1:0] LongestWait = 2'd0, LongestTrip = 2'd1;

  (* anyconst *) logic list;
  (* anyconst *) logic slot;

  // Requests on their way, how long one has been, and how long a reissue has been offered.
  logic [2:0] away_q = '0;
  logic [1:0] trip_q = '0, wait_q = '0;
  // A replay: how long it takes, and how long it may, for what was parked when it began.
  logic [7:0] replay_q = '0, limit_q = '0;
  logic taken, starts, started_q = 1'b0, due_q = 1'b0, sent_q = 1'b0, kept_q = 1'b0;
  assign taken = reissue_valid_o && reissue_ready_i;
  assign starts = start_i && start_ready_o;

  logic is_ours, ends_ours;
  assign is_ours = reissue_o.port[0] == list && reissue_o.replay_slot[0] == slot;
  assign ends_ours = end_i && list_i[0] == list && slot_i[0] == slot;

  always_comb begin
    assume (!withdraw_valid_i && list_i < 8'(Lists) && slot_i < 8'(Depth));
    assume (!start_i || !busy_o);
    assume (!(park_i && end_i) && !(park_i && full_o) && (!refuse_i || full_o));
    assume (!end_i || (away_q != '0 && sent[list_i[0]][slot_i[0]]));
    assume (!keep_i || end_i);
    assume (wait_q != LongestWait || reissue_ready_i);
    assume (trip_q != LongestTrip || end_i);
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      away_q <= away_q + {2'b0, taken} - {2'b0, end_i};
      trip_q <= away_q == '0 || end_i ? '0 : trip_q + 2'd1;
      wait_q <= reissue_valid_o && !reissue_ready_i ? wait_q + 2'd1 : '0;
      replay_q <= busy_o ? replay_q + 8'd1 : '0;
      // What is parked in the cycle of the start belongs to the replay.
      started_q <= starts;
      if (started_q) begin
        {due_q, sent_q} <= {parked[list][slot], 1'b0};
        limit_q <= 8'd8 + 8'd3 * ({7'b0, parked[0][0]} + {7'b0, parked[0][1]} +
                                  {7'b0, parked[1][0]} + {7'b0, parked[1][1]});
      end
      if (!started_q && taken && is_ours) sent_q <= 1'b1;
      if (taken && is_ours) assert (busy_o && due_q && !sent_q);

      assert (replay_q < 8'd2 || replay_q <= limit_q);
      if (!busy_o) assert (away_q == '0 && (!due_q || sent_q));
      if (end_i) assert (!withdrawn_o);
      // What was answered for good has left; what was kept is still there.
      if (ends_ours) kept_q <= keep_i;
      cover (!busy_o && kept_q && sent_q && parked[list][slot] && parked[!list] == '0 &&
             sent[list] == '0);
    end
  end

  logic ended_q = 1'b0, ended_kept_q;
  always_ff @(posedge clk_i) begin
    ended_q <= rst_ni && ends_ours;
    ended_kept_q <= keep_i;
    if (ended_q) assert (parked[list][slot] == ended_kept_q && !sent[list][slot]);
  end

endmodule

bind gmmu_replay_queue gmmu_replay_queue_release u_release (
  .parked({parked_q[1], parked_q[0]}),
  .sent({sent_q[1], sent_q[0]}),
  .*
);
