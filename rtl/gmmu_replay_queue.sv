// SPDX-License-Identifier: MIT
// The requests that wait for a replay: a list for each uTLB, in one memory.
//
// Promises: a slot is free again only when its request has been answered for good, or withdrawn; a
// replay sends each request that was parked when it began, once; `busy_o` falls when all of them
// have ended; a withdrawn request is never sent again, and if it was on its way, its end says so.

module gmmu_replay_queue #(
  parameter int unsigned Lists = 36,
  parameter int unsigned Depth = 64
) (
  input  logic clk_i,
  input  logic rst_ni,

  // The list that the fault unit looks at; it may park there, or note that it refused to.
  input  gmmu_pkg::port_t        list_i,
  output logic                   full_o,
  input  logic                   park_i,
  input  logic                   refuse_i,
  input  gmmu_pkg::request_t     request_i,
  // The end of a request that had been sent: parked again, or gone.
  input  gmmu_pkg::replay_slot_t slot_i,
  output logic                   withdrawn_o,
  input  logic                   end_i,
  input  logic                   keep_i,
  output logic [Lists-1:0]       space_o,  // pulse: a list that refused has room

  input  logic start_i,  // stays until it is taken
  output logic start_ready_o,
  output logic busy_o,
  output logic               reissue_valid_o,
  input  logic               reissue_ready_i,
  output gmmu_pkg::reissue_t reissue_o,

  input  logic                         withdraw_valid_i,
  output logic                         withdraw_ready_o,
  input  gmmu_pkg::port_t              withdraw_port_i,
  input  logic [gmmu_pkg::TagBits-1:0] withdraw_tag_i,
  input  logic                         answering_i,  // the fault unit is in the middle of an answer
  output logic                         active_o  // more is to be done than what inputs ask for
);

  localparam int unsigned ListBits = Lists > 1 ? $clog2(Lists) : 1;
  localparam int unsigned SlotBits = $clog2(Depth);
  localparam int unsigned AddressBits = $clog2(Lists * Depth);
  localparam logic [Depth-1:0] One = {{Depth - 1{1'b0}}, 1'b1};

  // Of each slot: it holds a request that wants an answer; its request has been sent; it was parked
  // after the replay in progress began.
  logic [Depth-1:0] parked_q[Lists];
  logic [Depth-1:0] sent_q[Lists];
  logic [Depth-1:0] young_q[Lists];
  logic [Lists-1:0] refused_q;

  typedef enum logic [3:0] {
    StIdle,
    StList,  // begin with a list
    StRead,  // its next request
    StSend,
    StDrain,  // wait for the ends
    StSearch,  // for the request to withdraw
    StCompare,
    StDecide,
    StWithdrawn
  } state_e;
  state_e state_q, resume_q;
  logic [ListBits-1:0] list_q;
  logic [Depth-1:0] todo_q, chosen_q;
  logic [15:0] in_flight_q;

  // The fault unit's list.
  logic [ListBits-1:0] list, withdraw_list;
  logic [SlotBits-1:0] slot, free_slot;
  logic [Depth-1:0] list_parked, list_free, first_free;
  assign list = list_i[ListBits-1:0];
  assign withdraw_list = withdraw_port_i[ListBits-1:0];
  assign slot = slot_i[SlotBits-1:0];
  assign list_parked = parked_q[list];
  assign list_free = ~(list_parked | sent_q[list]);
  gmmu_first #(
    .N(Depth)
  ) u_first_free (
    .bits_i(list_free),
    .first_o(first_free)
  );
  assign full_o = list_free == '0;
  assign withdrawn_o = !list_parked[slot];

  // What we do next in our own list: send, or search.
  logic [Depth-1:0] next, next_one;
  logic [SlotBits-1:0] next_slot, chosen_slot;
  logic sent, same_q, found, ends;
  gmmu_pkg::request_t word;
  assign next = todo_q & parked_q[list_q];
  gmmu_first #(
    .N(Depth)
  ) u_next_one (
    .bits_i(next),
    .first_o(next_one)
  );
  assign sent = state_q == StSend && reissue_ready_i;
  // Half of a cycle is the memory's.
  always_ff @(posedge clk_i) same_q <= word.tag == withdraw_tag_i;
  assign found = state_q == StDecide && same_q;
  assign ends = end_i && !keep_i;

  gmmu_encoder #(
    .N(Depth)
  ) u_free_slot (
    .one_hot_i(first_free),
    .index_o(free_slot)
  );
  gmmu_encoder #(
    .N(Depth)
  ) u_next_slot (
    .one_hot_i(next_one),
    .index_o(next_slot)
  );
  gmmu_encoder #(
    .N(Depth)
  ) u_chosen_slot (
    .one_hot_i(chosen_q),
    .index_o(chosen_slot)
  );

  // What is read is parked, what is written is free: never the same word.
  gmmu_ram #(
    .Depth(Lists * Depth),
    .Width(gmmu_pkg::RequestBits)
  ) u_requests (
    .clk_i,
    .read_i(state_q == StRead || state_q == StSearch),
    .read_address_i(AddressBits'({list_q, next_slot})),
    .read_data_o(word),
    .write_i(park_i),
    .write_address_i(AddressBits'({list, free_slot})),
    .write_data_i(request_i)
  );

  assign reissue_valid_o = state_q == StSend;
  assign reissue_o.port = gmmu_pkg::PortBits'(list_q);
  assign reissue_o.replay_slot = gmmu_pkg::ReplaySlotBits'(chosen_slot);
  assign reissue_o.request = word;
  assign withdraw_ready_o = state_q == StWithdrawn && !answering_i;
  assign start_ready_o = state_q == StIdle;
  assign active_o = state_q != StIdle || refused_q != '0 || space_o != '0;

  logic starts, searches, replaying_q;
  assign starts = start_i && start_ready_o;
  assign searches = withdraw_valid_i && !starts;
  assign busy_o = replaying_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      resume_q <= StIdle;
      list_q <= '0;
      in_flight_q <= '0;
      replaying_q <= 1'b0;
    end else begin
      case (state_q)
        StIdle: begin
          list_q <= searches ? withdraw_list : '0;
          resume_q <= StIdle;
          if (starts) state_q <= StList;
          else if (searches) state_q <= StSearch;
        end
        StList: state_q <= StRead;
        StRead:
        if (next != '0) state_q <= StSend;
        else if (list_q == ListBits'(Lists - 1)) state_q <= StDrain;
        else begin
          list_q <= list_q + ListBits'(1);
          state_q <= StList;
        end
        StSend: if (reissue_ready_i) state_q <= StRead;
        StDrain:
        if (in_flight_q == '0) state_q <= StIdle;
        else if (searches) begin
          list_q <= withdraw_list;
          resume_q <= StDrain;
          state_q <= StSearch;
        end
        StSearch: state_q <= next == '0 ? StWithdrawn : StCompare;
        StCompare: state_q <= StDecide;
        StDecide: state_q <= found ? StWithdrawn : StSearch;
        StWithdrawn: if (withdraw_ready_o) state_q <= resume_q;
        default: state_q <= StIdle;
      endcase
      in_flight_q <= in_flight_q + 16'(sent) - 16'(end_i);
      if (starts) replaying_q <= 1'b1;
      else if (state_q == StDrain && in_flight_q == '0) replaying_q <= 1'b0;
    end
  end
  always_ff @(posedge clk_i) begin
    case (state_q)
      StIdle, StDrain: todo_q <= '1;  // of a search: every slot
      StList: todo_q <= parked_q[list_q] & ~young_q[list_q];
      StRead, StSearch: todo_q <= todo_q & ~next_one;
      default: ;
    endcase
    if (state_q == StRead || state_q == StSearch) chosen_q <= next_one;
  end

  // What is parked while a replay has not come to its list yet is no part of it.
  always_ff @(posedge clk_i) begin
    for (int unsigned l = 0; l < Lists; l++) begin
      if (!rst_ni) begin
        parked_q[l] <= '0;
        sent_q[l] <= '0;
        young_q[l] <= '0;
        refused_q[l] <= 1'b0;
        space_o[l] <= 1'b0;
      end else begin
        parked_q[l] <= (parked_q[l] | (park_i && list == ListBits'(l) ? first_free : '0)) &
                       ~(ends && list == ListBits'(l) ? One << slot : '0) &
                       ~(found && list_q == ListBits'(l) ? chosen_q : '0);
        sent_q[l] <= (sent_q[l] | (sent && list_q == ListBits'(l) ? chosen_q : '0)) &
                     ~(end_i && list == ListBits'(l) ? One << slot : '0);
        if (!replaying_q) young_q[l] <= '0;
        else if (park_i && list == ListBits'(l)) young_q[l] <= young_q[l] | first_free;
        // Room: a slot that is neither parked nor sent.
        space_o[l] <= refused_q[l] && (parked_q[l] | sent_q[l]) != '1;
        if (refuse_i && list == ListBits'(l)) refused_q[l] <= 1'b1;
        else if ((parked_q[l] | sent_q[l]) != '1) refused_q[l] <= 1'b0;
      end
    end
  end

endmodule
