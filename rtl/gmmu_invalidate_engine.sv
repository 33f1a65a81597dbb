// SPDX-License-Identifier: MIT
// Invalidates in the order in which they were triggered, one at a time: caches, replay, done.
//
// Promises: what was pushed while there was room is carried out, what was not is an error; an
// invalidate begins when no replayed request is on its way any more; `empty_o` says that nothing is
// queued or in progress, but for the replays of an operation that need not wait for them.
// What the registers themselves want flushed needs no room, and comes first.

module gmmu_invalidate_engine #(
  parameter int unsigned Depth = 32
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic                 push_i,
  input  gmmu_pkg::operation_t operation_i,
  input  logic                 flush_all_i,
  input  logic                 flush_bindings_i,
  output logic                 bindings_pending_o,  // a flush of bindings is not done yet
  output logic                 empty_o,
  output logic [7:0]           space_o,
  output logic                 error_o,
  input  logic                 error_clear_i,

  output logic                  invalidate_valid_o,
  input  logic                  invalidate_ready_i,
  output gmmu_pkg::invalidate_t invalidate_o,

  output logic                 replay_o,
  input  logic                 replay_ready_i,
  input  logic                 replay_busy_i,
  output gmmu_pkg::operation_t replay_operation_o,  // until the replay is over
  output logic                 replay_begins_o,
  output logic                 lockdown_o,
  output logic                 idle_o
);

  localparam int unsigned IndexBits = $clog2(Depth);

  // 1. Take a flush, or the oldest operation of the queue.
  // 2. Have the hub drop what it means, and wait until that is done.
  // 3. If it has a replay, begin it, and wait until every request has ended. With START the
  //    operation counts as done before that.
  typedef enum logic [1:0] {
    StIdle,
    StInvalidate,
    StReplay,
    StReplaying
  } state_e;
  state_e state_q;

  logic [gmmu_pkg::OperationBits-1:0] queue_q[Depth];
  logic [IndexBits:0] head_q, tail_q, used;
  logic push, pop, is_empty, is_full;
  assign used = tail_q - head_q;
  assign is_empty = used == '0;
  assign is_full = used[IndexBits];
  assign push = push_i && !is_full;
  assign pop = state_q == StIdle && !is_empty && !flush_all_q && !flush_bindings_q;

  gmmu_pkg::operation_t operation_q;
  gmmu_pkg::invalidate_t invalidate;
  logic flush_all_q, flush_bindings_q, flushes_q, flushes_bindings_q, error_q;
  assign invalidate = operation_q.invalidate;

  logic has_replay, may_run_on;
  assign has_replay = !flushes_q && !invalidate.hubtlb_only &&
                      operation_q.replay != faultline_regs_pkg::ReplayOpNone;
  assign may_run_on = operation_q.replay == faultline_regs_pkg::ReplayOpStart;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      head_q <= '0;
      tail_q <= '0;
      flush_all_q <= 1'b0;
      flush_bindings_q <= 1'b0;
      flushes_bindings_q <= 1'b0;
      error_q <= 1'b0;
    end else begin
      if (push) tail_q <= tail_q + 1'b1;
      if (pop) head_q <= head_q + 1'b1;
      if (push_i && is_full) error_q <= 1'b1;
      else if (error_clear_i) error_q <= 1'b0;
      flush_all_q <= flush_all_i || (flush_all_q && state_q != StIdle);
      flush_bindings_q <= flush_bindings_i ||
                          (flush_bindings_q && (state_q != StIdle || flush_all_q));
      case (state_q)
        StIdle: begin
          flushes_bindings_q <= flush_bindings_q && !flush_all_q;
          if (flush_all_q || flush_bindings_q || !is_empty) state_q <= StInvalidate;
        end
        StInvalidate: if (invalidate_ready_i) state_q <= has_replay ? StReplay : StIdle;
        StReplay: if (replay_ready_i) state_q <= StReplaying;
        StReplaying: if (!replay_busy_i) state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
      if (state_q == StInvalidate && invalidate_ready_i) flushes_bindings_q <= 1'b0;
    end
  end

  gmmu_pkg::operation_t head;
  gmmu_pkg::invalidate_t flush;
  assign head = queue_q[head_q[IndexBits-1:0]];
  always_comb begin
    flush = '0;
    flush.bindings_only = !flush_all_q;
    flush.all_va = 1'b1;
    flush.all_pdb = 1'b1;
  end
  always_ff @(posedge clk_i) begin
    if (push) queue_q[tail_q[IndexBits-1:0]] <= operation_i;
    if (state_q == StIdle) begin
      flushes_q <= flush_all_q || flush_bindings_q;
      operation_q <= head;
      if (flush_all_q || flush_bindings_q) operation_q.invalidate <= flush;
    end
  end

  assign invalidate_valid_o = state_q == StInvalidate;
  assign invalidate_o = invalidate;
  assign replay_o = state_q == StReplay;
  assign replay_operation_o = operation_q;
  assign replay_begins_o = replay_o && replay_ready_i;
  assign lockdown_o = (state_q == StReplay || state_q == StReplaying) &&
                      operation_q.replay == faultline_regs_pkg::ReplayOpStartAckAll;

  assign bindings_pending_o = flush_bindings_q || flushes_bindings_q;
  assign empty_o = is_empty && !flush_all_q && !flush_bindings_q &&
                   (state_q == StIdle || (state_q == StReplaying && may_run_on));
  assign space_o = 8'(Depth) - 8'(used);
  assign error_o = error_q;
  assign idle_o = empty_o && state_q == StIdle;

endmodule
