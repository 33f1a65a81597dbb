// SPDX-License-Identifier: MIT
// The misses of a first-level TLB, from the lookup to the answer.
//
// Promises: a request that was put in leaves once, as a response to its client (translated or
// sparse) or as a report to control (a fault, or any end of a reissued request); a reply of the hub
// is always taken; a reply *Retry* sends the miss again.

module gmmu_miss_slots #(
  parameter int unsigned Slots = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  gmmu_pkg::port_t port_i,  // which we are; a constant

  // A request that missed, or a reissued one that did not: then `put_known_i` and its response.
  // While one may come, it is looked at; that it does come is known late.
  input  logic                   look_i,
  input  logic                   put_i,
  output logic                   put_ready_o,
  input  gmmu_pkg::request_t     put_request_i,
  input  logic                   put_replayed_i,
  input  gmmu_pkg::replay_slot_t put_replay_slot_i,
  input  logic                   put_known_i,
  input  gmmu_pkg::response_t    put_response_i,

  output logic            miss_valid_o,
  input  logic            miss_ready_i,
  output gmmu_pkg::miss_t miss_o,

  input  logic               reply_valid_i,
  input  gmmu_pkg::reply_t   reply_i,
  output logic               replied_o,  // the reply is for us
  output gmmu_pkg::request_t reply_request_o,  // and answers this request

  output logic                response_valid_o,
  input  logic                response_ready_i,
  output gmmu_pkg::response_t response_o,

  output logic              report_valid_o,
  input  logic              report_ready_i,
  output gmmu_pkg::report_t report_o,

  // Responses that are complete at a mark, and have not been taken since.
  input  logic mark_i,
  output logic marked_o,
  output logic idle_o
);

  typedef enum logic [2:0] {
    StFree,
    StMissed,  // to be sent to the hub
    StSent,
    StResponse,  // to be sent to the client
    StReport  // to be sent to control
  } state_e;

  localparam int unsigned IndexBits = Slots > 1 ? $clog2(Slots) : 1;
  localparam logic [Slots-1:0] One = {{Slots - 1{1'b0}}, 1'b1};

  logic [Slots-1:0] is_free, is_missed, is_response, is_report, marked_q;
  logic [gmmu_pkg::RequestBits-1:0] request_q[Slots];
  logic [Slots-1:0] replayed_q;
  logic [gmmu_pkg::ReplaySlotBits-1:0] replay_slot_q[Slots];
  logic [gmmu_pkg::ResponseBits-1:0] response_q[Slots];
  logic [gmmu_pkg::BindingBits-1:0] binding_q[Slots];

  logic [Slots-1:0] first_free, put_into, miss_grant, response_grant, report_grant;
  logic [IndexBits-1:0] miss_index, response_index, report_index, reply_index;

  assign put_ready_o = |is_free;
  assign first_free = is_free & (~is_free + One);
  assign put_into = put_i ? first_free : '0;
  assign replied_o = reply_valid_i && reply_i.port == port_i;
  assign reply_index = reply_i.slot[IndexBits-1:0];
  assign reply_request_o = request_q[reply_index];

  // What a reply means for its request.
  gmmu_pkg::response_t reply_response;
  always_comb begin
    case (reply_i.result)
      gmmu_pkg::ResultTranslated:
      reply_response = gmmu_entry_pkg::translated(
          reply_request_o.tag, reply_request_o.va[20:0], reply_i.leaf);
      gmmu_pkg::ResultSparse:
      reply_response = gmmu_entry_pkg::addressless(
          reply_request_o.tag, gmmu_pkg::OutcomeSparse, faultline_regs_pkg::FaultTypePde);
      default:
      reply_response = gmmu_entry_pkg::addressless(
          reply_request_o.tag, gmmu_pkg::OutcomeFaulted, reply_i.fault_type);
    endcase
  end

  for (genvar s = 0; s < Slots; s++) begin : gen_slot
    state_e state_q;
    logic replied, to_control;
    assign replied = replied_o && reply_index == s;
    assign to_control = replayed_q[s] || reply_i.result == gmmu_pkg::ResultFault;
    assign is_free[s] = state_q == StFree;
    assign is_missed[s] = state_q == StMissed;
    assign is_response[s] = state_q == StResponse;
    assign is_report[s] = state_q == StReport;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        state_q <= StFree;
        marked_q[s] <= 1'b0;
      end else begin
        case (state_q)
          StFree: if (put_into[s]) state_q <= put_known_i ? StReport : StMissed;
          StMissed: if (miss_grant[s] && miss_ready_i) state_q <= StSent;
          StSent:
          if (replied) begin
            if (reply_i.result == gmmu_pkg::ResultRetry) state_q <= StMissed;
            else state_q <= to_control ? StReport : StResponse;
          end
          StResponse: if (response_grant[s] && response_ready_i) state_q <= StFree;
          StReport: if (report_grant[s] && report_ready_i) state_q <= StFree;
          default: state_q <= StFree;
        endcase
        marked_q[s] <= is_response[s] && !(response_grant[s] && response_ready_i) &&
                       (mark_i || marked_q[s]);
      end
    end

    always_ff @(posedge clk_i) begin
      if (look_i && first_free[s]) begin
        request_q[s] <= put_request_i;
        replayed_q[s] <= put_replayed_i;
        replay_slot_q[s] <= put_replay_slot_i;
        response_q[s] <= put_response_i;
      end else if (replied) begin
        response_q[s] <= reply_response;
        binding_q[s] <= reply_i.binding;
      end
    end
  end

  assign marked_o = |marked_q;
  assign idle_o = &is_free;

  gmmu_arbiter #(
    .N(Slots)
  ) u_miss_arbiter (
    .clk_i,
    .rst_ni,
    .valid_i(is_missed),
    .ready_i(miss_ready_i),
    .valid_o(miss_valid_o),
    .grant_o(miss_grant),
    .index_o(miss_index)
  );

  gmmu_pkg::request_t miss_request;
  assign miss_request = request_q[miss_index];
  assign miss_o.port = port_i;
  assign miss_o.slot = gmmu_pkg::MissSlotBits'(miss_index);
  assign miss_o.va = miss_request.va;
  assign miss_o.access_type = miss_request.access_type;
  assign miss_o.privileged = miss_request.privileged;
  assign miss_o.inst = miss_request.inst;
  assign miss_o.engine_id = miss_request.engine_id;

  gmmu_arbiter #(
    .N(Slots)
  ) u_response_arbiter (
    .clk_i,
    .rst_ni,
    .valid_i(is_response),
    .ready_i(response_ready_i),
    .valid_o(response_valid_o),
    .grant_o(response_grant),
    .index_o(response_index)
  );

  assign response_o = response_q[response_index];

  gmmu_arbiter #(
    .N(Slots)
  ) u_report_arbiter (
    .clk_i,
    .rst_ni,
    .valid_i(is_report),
    .ready_i(report_ready_i),
    .valid_o(report_valid_o),
    .grant_o(report_grant),
    .index_o(report_index)
  );

  assign report_o.port = port_i;
  assign report_o.replayed = replayed_q[report_index];
  assign report_o.replay_slot = replay_slot_q[report_index];
  assign report_o.binding = binding_q[report_index];
  assign report_o.request = request_q[report_index];
  assign report_o.response = response_q[report_index];

endmodule
