// SPDX-License-Identifier: MIT
// A fault packet is written completely before its VALID, and that before PUT moves; a record is
// told once. And the AXI4 rules of writes.
//
// Assumed: the record keeps to the channel rule. The memory answers a write after its last beat,
// once; BAR2 answers what it was asked, with an address aligned like the packet's, or not at all
// with one.

module gmmu_gv100_reporter_packet (
  input logic clk_i,
  input logic rst_ni,
  input logic record_valid_i,
  input logic record_ready_o,
  input logic [1:0] settled_i,
  input logic [1:0] room_i,
  input logic [1:0] virtual_i,
  input logic [1:0][63:0] address_i,
  input logic [1:0] reserve_o,
  input logic [1:0] commit_o,
  input logic [1:0] fail_o,
  input logic latch_o,
  input logic busy_o,
  input logic bar2_valid_o,
  input logic bar2_ready_i,
  input logic bar2_resp_valid_i,
  input gmmu_pkg::response_t bar2_resp_i,
  input logic awvalid_o,
  input logic awready_i,
  input logic [63:0] awaddr_o,
  input logic [7:0] awlen_o,
  input logic [2:0] awsize_o,
  input logic wvalid_o,
  input logic wready_i,
  input logic [15:0] wstrb_o,
  input logic wlast_o,
  input logic bvalid_i,
  input logic bready_o,
  input logic [1:0] bresp_i,
  // The state, for induction.
  input logic [1:0] which,
  input logic valid_part_q,
  input logic [63:0] address_q,
  input logic in_idle,
  input logic in_translate,
  input logic in_first,
  input logic in_second,
  input logic in_response
);

  localparam logic [2:0] Size16Bytes = 3'd4;
  localparam logic [7:0] WordsBeforeValid = 8'h7f, AllWords = 8'hff;

  // What is known of the packet: that it has a place, and where; the words that the memory has, and
  // those that it will have with the answer; the beat of the write in flight.
  logic placed_q = 1'b0, asked_q = 1'b0, sparse, open_q = 1'b0, complete_q = 1'b0, in_upper_q;
  logic [1:0] buffer_q;
  logic [58:0] place_q;
  logic [7:0] there_q, coming_q, beats_q, words;
  logic was_virtual_q = 1'b0, failed_q = 1'b0;
  assign sparse = asked_q && bar2_resp_valid_i &&
                  bar2_resp_i.outcome == gmmu_pkg::OutcomeSparse;
  for (genvar w = 0; w < 4; w++) begin : gen_word
    assign words[w] = !in_upper_q && wstrb_o[4*w+:4] == '1;
    assign words[w+4] = in_upper_q && wstrb_o[4*w+:4] == '1;
  end

  always_comb begin
    assume (address_i[0][4:0] == '0 && address_i[1][4:0] == '0);
    assume (!bvalid_i || complete_q);
    assume (!bar2_resp_valid_i || asked_q);
    assume (bar2_resp_i.pa[4:0] == '0 && bar2_resp_i.outcome != gmmu_pkg::OutcomeParked &&
            bar2_resp_i.outcome != gmmu_pkg::OutcomeStalled);
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      if (reserve_o != '0 && (reserve_o & room_i) != '0) begin
        placed_q <= 1'b1;
        buffer_q <= reserve_o;
        place_q <= reserve_o[1] ? address_i[1][63:5] : address_i[0][63:5];
        there_q <= '0;
      end else if ((commit_o | fail_o) != '0) begin
        placed_q <= 1'b0;
      end
      if (bar2_valid_o && bar2_ready_i) asked_q <= 1'b1;
      if (bar2_resp_valid_i) begin
        asked_q <= 1'b0;
        place_q <= bar2_resp_i.pa[63:5];
      end

      if (awvalid_o && awready_i) begin
        open_q <= 1'b1;
        beats_q <= awlen_o;
        in_upper_q <= awaddr_o[4];
        coming_q <= '0;
      end
      if (wvalid_o && wready_i) begin
        beats_q <= beats_q - 8'd1;
        in_upper_q <= 1'b1;
        coming_q <= coming_q | words;
        if (wlast_o) {open_q, complete_q} <= 2'b01;
      end
      if (bvalid_i && bready_o) begin
        complete_q <= 1'b0;
        if (bresp_i == '0) there_q <= there_q | coming_q;
      end

      // Writes.
      assert (!awvalid_o || (placed_q && awaddr_o[63:5] == place_q && awaddr_o[3:0] == '0));
      assert (!awvalid_o || (!open_q && !complete_q && awsize_o == Size16Bytes));
      assert (!awvalid_o || (awlen_o == '0 || (awlen_o == 8'd1 && !awaddr_o[4])));
      assert (!wvalid_o || (open_q && wlast_o == (beats_q == '0)));
      assert (!complete_q || bready_o);

      // VALID is in word 7: written alone, when the others are there.
      if (wvalid_o && words[7]) assert (there_q == WordsBeforeValid && words == 8'h80);
      if (commit_o != '0) begin
        assert (placed_q && commit_o == buffer_q && fail_o == '0);
        assert (sparse || (there_q | (complete_q && bresp_i == '0 ? coming_q : 8'h0)) == AllWords);
      end
      if (fail_o != '0) assert (placed_q && fail_o == buffer_q);
      assert (busy_o == placed_q);

      // A record ends once: in the snapshot, without room, or with its packet.
      assert (record_ready_o == (latch_o || (reserve_o != '0 && (reserve_o & room_i) == '0) ||
                                 (commit_o | fail_o) != '0));
      assert (!latch_o || (reserve_o == '0 && !placed_q));
      assert (reserve_o == '0 || (!placed_q && record_valid_i && settled_i == '1));

      // What the state means.
      assert (in_idle || record_valid_i);
      assert (in_idle || bar2_valid_o || in_translate || awvalid_o || wvalid_o || in_response);
      assert (!bar2_valid_o || there_q == '0);
      assert (in_idle == !placed_q && in_translate == asked_q);
      assert (open_q == (in_first || in_second) && complete_q == in_response);
      if (placed_q) begin
        assert (buffer_q == which && address_q == {place_q, 5'b0});
        assert (there_q == (valid_part_q ? WordsBeforeValid : 8'h0));
      end
      if (in_first) assert (!valid_part_q && beats_q == 8'd1 && !in_upper_q && coming_q == '0);
      if (in_second) assert (beats_q == '0 && in_upper_q);
      if (in_second) assert (coming_q == (valid_part_q ? 8'h00 : 8'h0f));
      if (in_response) assert (coming_q == (valid_part_q ? 8'h80 : WordsBeforeValid));

      was_virtual_q <= was_virtual_q || (asked_q && bar2_resp_valid_i);
      failed_q <= failed_q || (was_virtual_q && fail_o != '0 && there_q == WordsBeforeValid);
      cover (failed_q && commit_o == 2'b10 && there_q == WordsBeforeValid && virtual_i == '0);
    end
  end

endmodule

bind gmmu_gv100_reporter gmmu_gv100_reporter_packet u_packet (
  .in_idle(state_q == StIdle),
  .in_translate(state_q == StTranslate),
  .in_first(state_q == StFirst),
  .in_second(state_q == StSecond),
  .in_response(state_q == StResponse),
  .*
);

bind gmmu_gv100_reporter gmmu_channel #(
  .Width(64 + 8 + 2)
) u_aw (
  .clk_i,
  .rst_ni,
  .valid_i(awvalid_o),
  .ready_i(awready_i),
  .message_i({awaddr_o, awlen_o, awuser_o})
);

bind gmmu_gv100_reporter gmmu_channel #(
  .Width(128 + 16 + 1)
) u_w (
  .clk_i,
  .rst_ni,
  .valid_i(wvalid_o),
  .ready_i(wready_i),
  .message_i({wdata_o, wstrb_o, wlast_o})
);

bind gmmu_gv100_reporter gmmu_channel #(
  .Width(64)
) u_bar2 (
  .clk_i,
  .rst_ni,
  .valid_i(bar2_valid_o),
  .ready_i(bar2_ready_i),
  .message_i(bar2_address_o)
);

bind gmmu_gv100_reporter gmmu_channel #(
  .Width($bits(record_i)),
  .Assumed(1'b1)
) u_record (
  .clk_i,
  .rst_ni,
  .valid_i(record_valid_i),
  .ready_i(record_ready_o),
  .message_i(record_i)
);
