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

  localparam int unsigned IndexBits = Slots > 1 ? $clog2(Slots) : 1;
  localparam logic [Slots-1:0] One = {{Slots - 1{1'b0}}, 1'b1};

  // A slot is free, its miss is to be sent to the hub, the hub has it (none of these), or a
  // response to the client or a report to control is to be sent. One that is to be sent is offered
  // to the hub, or waits for that.
  logic [Slots-1:0] is_free_q, is_missed_q, is_response_q, is_report_q, marked_q;
  logic [gmmu_pkg::RequestBits-1:0] request_q[Slots];
  logic [Slots-1:0] replayed_q;
  logic [gmmu_pkg::ReplaySlotBits-1:0] replay_slot_q[Slots];
  logic [gmmu_pkg::ResponseBits-1:0] response_q[Slots];
  logic [gmmu_pkg::BindingBits-1:0] binding_q[Slots];

  logic [Slots-1:0] first_free, miss_grant, response_grant, report_grant;
  logic [IndexBits-1:0] free_index, miss_index, response_index, report_index, reply_index;

  assign put_ready_o = |is_free_q;
  gmmu_first #(
    .N(Slots)
  ) u_first_free (
    .bits_i(is_free_q),
    .first_o(first_free)
  );
  assign replied_o = reply_valid_i && reply_i.port == port_i;
  assign reply_index = reply_i.slot[IndexBits-1:0];
  assign reply_request_o = request_q[reply_index];

  gmmu_encoder #(
    .N(Slots)
  ) u_free_index (
    .one_hot_i(first_free),
    .index_o(free_index)
  );

  // What a reply means for its request.
  function automatic gmmu_pkg::response_t response_to(
      input logic [gmmu_pkg::TagBits-1:0] tag, input logic [20:0] offset, input logic [1:0] result,
      input logic [4:0] fault_type, input gmmu_pkg::leaf_t leaf);
    case (result)
      gmmu_pkg::ResultTranslated: response_to = gmmu_entry_pkg::translated(tag, offset, leaf);
      gmmu_pkg::ResultSparse:
      response_to = gmmu_entry_pkg::addressless(
          tag, gmmu_pkg::OutcomeSparse, faultline_regs_pkg::FaultTypePde);
      default:
      response_to = gmmu_entry_pkg::addressless(tag, gmmu_pkg::OutcomeFaulted, fault_type);
    endcase
  endfunction

  logic to_control;
  assign to_control = replayed_q[reply_index] || reply_i.result == gmmu_pkg::ResultFault;

  logic [Slots-1:0] put_into, replied_to, put_missed, missed, offered_q, sent;
  logic [Slots-1:0] to_respond, responded, to_report, reported;
  always_comb begin
    put_into = put_i ? first_free : '0;
    replied_to = replied_o ? One << reply_index : '0;
    put_missed = put_known_i ? '0 : put_into;
    missed = put_missed | (reply_i.result == gmmu_pkg::ResultRetry ? replied_to : '0);
    to_report = (put_known_i ? put_into : '0) |
                (reply_i.result != gmmu_pkg::ResultRetry && to_control ? replied_to : '0);
    to_respond = replied_to & ~missed & ~to_report;
    sent = miss_ready_i ? offered_q : '0;
    responded = response_ready_i ? response_grant : '0;
    reported = report_ready_i ? report_grant : '0;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      is_free_q <= '1;
      is_missed_q <= '0;
      is_response_q <= '0;
      is_report_q <= '0;
      marked_q <= '0;
    end else begin
      is_free_q <= (is_free_q & ~put_into) | responded | reported;
      is_missed_q <= (is_missed_q & ~sent) | missed;
      is_response_q <= (is_response_q & ~responded) | to_respond;
      is_report_q <= (is_report_q & ~reported) | to_report;
      marked_q <= (mark_i ? is_response_q : marked_q) & ~responded;
    end
  end

  // Where a request is put is known early, so that is written last: for whom a reply is, which is
  // known late, then enables registers and chooses no data.
  always_ff @(posedge clk_i) begin
    if (replied_o) begin
      response_q[reply_index] <= response_to(reply_request_o.tag, reply_request_o.va[20:0],
                                             reply_i.result, reply_i.fault_type, reply_i.leaf);
      binding_q[reply_index] <= reply_i.binding;
    end
    if (look_i && put_ready_o) begin
      request_q[free_index] <= put_request_i;
      replayed_q[free_index] <= put_replayed_i;
      replay_slot_q[free_index] <= put_replay_slot_i;
      response_q[free_index] <= put_response_i;
    end
  end

  assign marked_o = |marked_q;
  assign idle_o = &is_free_q;

  // The miss that is offered is in a register, which the hub reads the L2 TLB by. It comes there
  // beside its slot, if no other waits. So they move in every other cycle at most, as in the hub.
  logic some_wait, miss_valid_q;
  gmmu_pkg::request_t miss_request;
  gmmu_pkg::miss_t miss_q;
  gmmu_arbiter #(
    .N(Slots)
  ) u_miss_arbiter (
    .clk_i,
    .rst_ni,
    .valid_i(is_missed_q & ~offered_q),
    .ready_i(!miss_valid_q),
    .valid_o(some_wait),
    .grant_o(miss_grant),
    .index_o(miss_index)
  );
  assign miss_request = some_wait ? request_q[miss_index] : put_request_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      miss_valid_q <= 1'b0;
      offered_q <= '0;
    end else if (!miss_valid_q) begin
      miss_valid_q <= some_wait || (put_i && !put_known_i);
      offered_q <= some_wait ? miss_grant : put_missed;
    end else if (miss_ready_i) begin
      miss_valid_q <= 1'b0;
      offered_q <= '0;
    end
  end
  always_ff @(posedge clk_i) begin
    if (!miss_valid_q && (some_wait || look_i)) begin
      miss_q.port <= port_i;
      miss_q.slot <= gmmu_pkg::MissSlotBits'(some_wait ? miss_index : free_index);
      miss_q.va <= miss_request.va;
      miss_q.access_type <= miss_request.access_type;
      miss_q.privileged <= miss_request.privileged;
      miss_q.inst <= miss_request.inst;
      miss_q.engine_id <= miss_request.engine_id;
    end
  end
  assign miss_valid_o = miss_valid_q;
  assign miss_o = miss_q;

  gmmu_arbiter #(
    .N(Slots)
  ) u_response_arbiter (
    .clk_i,
    .rst_ni,
    .valid_i(is_response_q),
    .ready_i(response_ready_i),
    .valid_o(response_valid_o),
    .grant_o(response_grant),
    .index_o(response_index)
  );

  assign response_o = response_valid_o ? response_q[response_index] : '0;

  gmmu_arbiter #(
    .N(Slots)
  ) u_report_arbiter (
    .clk_i,
    .rst_ni,
    .valid_i(is_report_q),
    .ready_i(report_ready_i),
    .valid_o(report_valid_o),
    .grant_o(report_grant),
    .index_o(report_index)
  );

  // A message is quiet while there is nothing to say.
  always_comb begin
    report_o = '0;
    if (report_valid_o) begin
      report_o.port = port_i;
      report_o.replayed = replayed_q[report_index];
      report_o.replay_slot = replay_slot_q[report_index];
      report_o.binding = binding_q[report_index];
      report_o.request = request_q[report_index];
      report_o.response = response_q[report_index];
    end
  end

endmodule
