// SPDX-License-Identifier: MIT
// A first-level TLB: a uTLB of a GPC, or the hub's.
//
// Promises: a hit is answered in the second cycle after its request was taken, one a cycle, also
// while misses are outstanding; every other request becomes a miss and ends in a response or a
// report; after a purge no dropped entry answers, and `purge_pending_o` tells whether older answers
// still wait for their client. A request is taken when there is a place for what the last became.
//
// A request passes two stages. In the first it is compared with all that is known; in the second it
// is answered, or becomes a miss. What a purge finds in the second stage becomes a miss.
//
// The TLB knows the address space of the instance block and engine that it served last. Others ask
// the hub, which knows more of them. A reply Retry teaches it nothing: an invalidate has overtaken
// what it says of the binding, too.

module gmmu_utlb #(
  parameter bit Hub = 1'b0,  // of the hub: HUBTLB_ONLY means it
  parameter int unsigned Entries = 16,
  parameter int unsigned MissSlots = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  gmmu_pkg::port_t port_i,  // which we are; a constant

  input  gmmu_pkg::modes_t modes_i,

  input  logic                   req_valid_i,
  output logic                   req_ready_o,
  input  gmmu_pkg::request_t     req_i,
  input  logic                   req_replayed_i,  // sent by control, which gets a report
  input  gmmu_pkg::replay_slot_t req_replay_slot_i,

  output logic                resp_valid_o,
  input  logic                resp_ready_i,
  output gmmu_pkg::response_t resp_o,

  output logic              report_valid_o,
  input  logic              report_ready_i,
  output gmmu_pkg::report_t report_o,

  output logic            miss_valid_o,
  input  logic            miss_ready_i,
  output gmmu_pkg::miss_t miss_o,
  input  logic               reply_valid_i,
  input  gmmu_pkg::reply_t   reply_i,

  input  logic             purge_i,
  input  gmmu_pkg::purge_t purge_op_i,
  output logic             purge_pending_o,
  output logic             idle_o
);

  localparam int unsigned PageLsb = 12;
  localparam int unsigned VaMsb = gmmu_pkg::VaBits - 1;

  // Whom we served last.
  logic known_q;
  gmmu_pkg::instance_t known_inst_q;
  logic [8:0] known_engine_q;
  gmmu_pkg::space_t known_space_q;

  // The second stage, and whether its request was of whom we served last.
  logic second_valid_q, second_known_q, second_replayed_q;
  gmmu_pkg::request_t second_q;
  gmmu_pkg::replay_slot_t second_replay_slot_q;

  logic known, room, taken, leaves;
  always_comb begin
    known = 1'b0;
    if (req_valid_i && known_q) begin
      known = req_i.inst == known_inst_q && req_i.engine_id == known_engine_q &&
              req_i.va[63:gmmu_pkg::VaBits] == '0 && !modes_i.mmu_disable;
    end
  end
  assign room = !second_valid_q || leaves;
  assign req_ready_o = room && !purge_i;
  assign taken = req_valid_i && req_ready_o;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      second_valid_q <= 1'b0;
      second_known_q <= 1'b0;
    end else begin
      if (taken) second_valid_q <= 1'b1;
      else if (leaves) second_valid_q <= 1'b0;
      if (purge_i) second_known_q <= 1'b0;
      else if (room) second_known_q <= known;
    end
  end
  always_ff @(posedge clk_i) begin
    if (req_valid_i && room) begin
      second_q <= req_i;
      second_replayed_q <= req_replayed_i;
      second_replay_slot_q <= req_replay_slot_i;
    end
  end

  // An answer at once. An entry that refuses the access is forgotten: the tables may allow it by
  // now, and software need not invalidate to widen what a page allows.
  logic match, allowed, hit, refused, answered;
  gmmu_pkg::leaf_t match_leaf;
  gmmu_pkg::response_t answer;
  assign hit = second_known_q && allowed;
  assign refused = second_known_q && match && !allowed;
  assign answered = hit || modes_i.mmu_disable;
  always_comb begin
    if (modes_i.mmu_disable)
      answer = gmmu_entry_pkg::untranslated(second_q.tag, second_q.va, modes_i.mmu_aperture,
                                            modes_i.mmu_vol);
    else answer = gmmu_entry_pkg::translated(second_q.tag, second_q.va[20:0], match_leaf);
  end

  // Where a request goes: the answer to a client into a queue, everything else into a slot.
  // Whether it can go there is known for both before it is known which.
  logic to_slot, slot_free, hit_free, waits, leaves_answered, leaves_missed;
  assign to_slot = !answered || second_replayed_q;
  assign waits = second_valid_q && !purge_i;
  assign leaves_answered = waits && (second_replayed_q ? slot_free : hit_free);
  assign leaves_missed = waits && slot_free;
  assign leaves = answered ? leaves_answered : leaves_missed;

  // What a reply teaches is kept in the cycle after it: so its slot, which knows the page, is found
  // in one cycle and the entries that the page overlaps in the next. The hub purges two cycles
  // after the last reply at the earliest.
  logic replied, learns, learns_q, fills_q;
  gmmu_pkg::request_t reply_request;
  gmmu_pkg::binding_t reply_binding;
  gmmu_pkg::instance_t learn_inst_q;
  logic [8:0] learn_engine_q;
  gmmu_pkg::space_t learn_space_q;
  logic [36:0] fill_page_q;
  gmmu_pkg::leaf_t fill_leaf_q;
  assign reply_binding = reply_i.binding;
  assign learns = replied && reply_binding.bound && reply_i.result != gmmu_pkg::ResultRetry;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      learns_q <= 1'b0;
      fills_q <= 1'b0;
    end else begin
      learns_q <= learns;
      fills_q <= learns && reply_i.result == gmmu_pkg::ResultTranslated && !modes_i.cache_off;
    end
  end
  always_ff @(posedge clk_i) begin
    if (reply_valid_i) begin
      learn_inst_q <= reply_request.inst;
      learn_engine_q <= reply_request.engine_id;
      learn_space_q <= reply_binding.space;
      fill_page_q <= reply_request.va[VaMsb:PageLsb];
      fill_leaf_q <= reply_i.leaf;
    end
  end

  gmmu_utlb_store #(
    .Entries(Entries)
  ) u_store (
    .clk_i,
    .rst_ni,
    .look_i(req_valid_i),
    .hold_i(!room),
    .lookup_page_i(req_i.va[VaMsb:PageLsb]),
    .lookup_access_type_i(req_i.access_type),
    .lookup_privileged_i(req_i.privileged),
    .strong_override_i(modes_i.strong_override),
    .match_o(match),
    .allowed_o(allowed),
    .leaf_o(match_leaf),
    .touch_i(leaves && hit),
    .erase_i(leaves && refused),
    .learn_i(learns_q),
    .learn_space_i(learn_space_q),
    .fill_i(fills_q),
    .fill_page_i(fill_page_q),
    .fill_leaf_i(fill_leaf_q),
    .purge_i(purge_i && purge_op_i.pages && (Hub || purge_op_i.gpcs)),
    .purge_op_i
  );

  logic slots_valid, slots_taken, slots_marked, slots_idle, slots_clk;
  gmmu_pkg::response_t slots_response;

  // Hits pass by the slots.
  gmmu_clock_gate u_slots_clock_gate (
    .clk_i,
    .enable_i((leaves && to_slot) || !slots_idle || !rst_ni),
    .clk_o(slots_clk)
  );

  gmmu_miss_slots #(
    .Slots(MissSlots)
  ) u_slots (
    .clk_i(slots_clk),
    .rst_ni,
    .port_i,
    .look_i(second_valid_q),
    .put_i(leaves && to_slot),
    .put_ready_o(slot_free),
    .put_request_i(second_q),
    .put_replayed_i(second_replayed_q),
    .put_replay_slot_i(second_replay_slot_q),
    .put_known_i(answered),
    .put_response_i(answer),
    .miss_valid_o,
    .miss_ready_i,
    .miss_o,
    .reply_valid_i,
    .reply_i,
    .replied_o(replied),
    .reply_request_o(reply_request),
    .response_valid_o(slots_valid),
    .response_ready_i(slots_taken),
    .response_o(slots_response),
    .report_valid_o,
    .report_ready_i,
    .report_o,
    .mark_i(purge_i),
    .marked_o(slots_marked),
    .idle_o(slots_idle)
  );

  logic hits_valid, hits_taken, hits_marked;
  gmmu_pkg::response_t hits_response;
  gmmu_hit_queue u_hits (
    .clk_i,
    .rst_ni,
    .look_i(second_valid_q),
    .put_i(leaves && !to_slot),
    .put_ready_o(hit_free),
    .put_response_i(answer),
    .valid_o(hits_valid),
    .ready_i(hits_taken),
    .response_o(hits_response),
    .mark_i(purge_i),
    .marked_o(hits_marked)
  );

  // The two sources of responses.
  logic [1:0] grant;
  logic from_slots;
  gmmu_arbiter #(
    .N(2)
  ) u_response_arbiter (
    .clk_i,
    .rst_ni,
    .valid_i({slots_valid, hits_valid}),
    .ready_i(resp_ready_i),
    .valid_o(resp_valid_o),
    .grant_o(grant),
    .index_o(from_slots)
  );
  assign hits_taken = grant[0] && resp_ready_i;
  assign slots_taken = grant[1] && resp_ready_i;
  assign resp_o = from_slots ? slots_response : hits_response;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      known_q <= 1'b0;
    end else if (purge_i) begin
      if (purge_op_i.bindings && gmmu_match_pkg::hits_space(purge_op_i, known_space_q))
        known_q <= 1'b0;
    end else if (learns_q) begin
      known_q <= 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    if (learns_q) begin
      known_inst_q <= learn_inst_q;
      known_engine_q <= learn_engine_q;
      known_space_q <= learn_space_q;
    end
  end

  assign purge_pending_o = slots_marked || hits_marked;
  assign idle_o = slots_idle && !second_valid_q && !hits_valid && !learns_q;

endmodule
