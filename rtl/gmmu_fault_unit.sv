// SPDX-License-Identifier: MIT
// What becomes of a fault, and of a request that was replayed: one report at a time.
//
// Promises: each report is answered once, or kept parked, or was withdrawn; a fault is told before
// its client hears of it; of the faults that one operation cancels only the first is told. Faults
// have no promise of cycles: each step has its own.

module gmmu_fault_unit (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic        send_none_i,  // PRF_FILTER
  input  logic [63:0] now_ns_i,

  input  logic              report_valid_i,
  output logic              report_ready_o,
  input  gmmu_pkg::report_t report_i,

  // The report in hand, at which the replay queue and the operation in progress look.
  output gmmu_pkg::report_t report_o,
  input  logic queue_full_i,
  input  logic queue_withdrawn_i,
  output logic queue_park_o,
  output logic queue_refuse_o,
  output logic queue_end_o,
  output logic queue_keep_o,

  // The operation whose replay is in progress.
  input  logic cancelled_i,  // it cancels the request of report_o
  input  logic replay_begins_i,

  // A fault to tell; ready when that is done.
  output logic              record_valid_o,
  input  logic              record_ready_i,
  output gmmu_pkg::record_t record_o,

  output logic            late_valid_o,
  input  logic            late_ready_i,
  output gmmu_pkg::late_t late_o,
  output logic            busy_o
);

  // 1. Take the report.
  // 2. Look at it: whether it can be replayed, whether the operation in progress cancels it.
  // 3. Decide. A replayed request that was withdrawn is forgotten; one that was translated is
  //    answered. A replayable fault takes a place in its list, or the client is told to ask again;
  //    a prefetch takes none.
  // 4. Tell the fault: to a buffer or to the snapshot.
  // 5. Answer. That the port took it is seen a cycle later.
  typedef enum logic [2:0] {
    StTake,
    StLook,
    StDecide,
    StTell,
    StAnswer
  } state_e;
  state_e state_q;

  gmmu_pkg::request_t request;
  gmmu_pkg::binding_t binding;
  gmmu_pkg::response_t response;
  gmmu_pkg::report_t report_q;
  assign request = report_q.request;
  assign binding = report_q.binding;
  assign response = report_q.response;
  assign report_o = report_q;

  // Replayable are the faults of T1 and GCC clients, if their instance block says so.
  logic is_fault, is_prefetch, is_gcc, replayable;
  assign is_fault = response.outcome == gmmu_pkg::OutcomeFaulted;
  assign is_prefetch = request.access_type == faultline_regs_pkg::AccessTypePrefetch;
  assign is_gcc = request.client == faultline_regs_pkg::GpcClientGcc;
  assign replayable = binding.bound && request.client_type == faultline_regs_pkg::ClientTypeGpc &&
                      ((gmmu_client_pkg::is_t1(request.client) && binding.replay_tex) ||
                       (is_gcc && binding.replay_gcc));

  // What was seen of the report in hand.
  logic replayable_q, cancels_q;
  logic [63:0] now_ns_q;
  always_ff @(posedge clk_i) begin
    if (state_q == StTake && report_valid_i) begin
      report_q <= report_i;
      now_ns_q <= now_ns_i;
    end
    if (state_q == StLook) begin
      replayable_q <= replayable;
      cancels_q <= report_q.replayed && is_fault && cancelled_i;
    end
  end

  logic decides, tells, answers, parks, first_cancel_q;
  logic [2:0] outcome;
  assign decides = state_q == StDecide;
  always_comb begin
    parks = 1'b0;
    queue_refuse_o = 1'b0;
    queue_keep_o = 1'b0;
    tells = is_fault;
    answers = 1'b1;
    outcome = response.outcome;
    if (report_q.replayed) begin
      if (queue_withdrawn_i) begin
        tells = 1'b0;
        answers = 1'b0;
      end else if (cancels_q) begin
        tells = first_cancel_q;
        outcome = gmmu_pkg::OutcomeCancelled;
      end else if (is_fault && replayable_q) begin
        queue_keep_o = 1'b1;
        answers = 1'b0;
      end
    end else if (is_prefetch) begin
      tells = !send_none_i;
      outcome = gmmu_pkg::OutcomeDropped;
    end else if (replayable_q) begin
      parks = !queue_full_i;
      tells = !queue_full_i;
      queue_refuse_o = decides && queue_full_i;
      outcome = queue_full_i ? gmmu_pkg::OutcomeStalled : gmmu_pkg::OutcomeParked;
    end
  end
  assign queue_park_o = decides && parks;
  assign queue_end_o = decides && report_q.replayed;
  assign report_ready_o = state_q == StTake;

  logic answers_q, answered_q;
  gmmu_pkg::record_t record_q;
  gmmu_pkg::late_t late_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StTake;
      first_cancel_q <= 1'b0;
      answered_q <= 1'b0;
    end else begin
      case (state_q)
        StTake: if (report_valid_i) state_q <= StLook;
        StLook: state_q <= StDecide;
        StDecide: state_q <= tells ? StTell : answers ? StAnswer : StTake;
        StTell: if (record_ready_i) state_q <= answers_q ? StAnswer : StTake;
        StAnswer: if (answered_q) state_q <= StTake;
        default: state_q <= StTake;
      endcase
      answered_q <= late_valid_o && late_ready_i;
      if (replay_begins_i) first_cancel_q <= 1'b1;
      else if (decides && cancels_q && !queue_withdrawn_i) first_cancel_q <= 1'b0;
    end
  end

  gmmu_pkg::response_t answer;
  always_comb begin
    answer = response;
    answer.outcome = outcome;
  end
  always_ff @(posedge clk_i) begin
    if (decides) begin
      answers_q <= answers;
      record_q <= {request, response.fault_type, replayable_q && !cancels_q,
                   binding.bound && (binding.replay_tex || binding.replay_gcc), now_ns_q};
      late_q <= {report_q.port, answer};
    end
  end

  assign record_valid_o = state_q == StTell;
  assign record_o = record_q;
  assign late_valid_o = state_q == StAnswer && !answered_q;
  assign late_o = late_q;
  assign busy_o = state_q != StTake;

endmodule
