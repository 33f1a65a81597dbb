// SPDX-License-Identifier: MIT
// The rule of every channel: once valid it stays, and its message too, until it is taken.
//
// Bound to an output it is proved; to an input, with Assumed, it is what the other side promises.

module gmmu_channel #(
  parameter int unsigned Width = 1,
  parameter bit Assumed = 1'b0
) (
  input logic clk_i,
  input logic rst_ni,
  input logic valid_i,
  input logic ready_i,
  input logic [Width-1:0] message_i
);

  logic waits_q = 1'b0, waited_q = 1'b0;
  logic [Width-1:0] message_q;
  logic stable;
  assign stable = !waits_q || (valid_i && message_i == message_q);
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && valid_i && !ready_i;
    waited_q <= waits_q;
    message_q <= message_i;
  end
  if (Assumed) begin : gen_assumed
    always_comb assume (!rst_ni || stable);
  end else begin : gen_proved
    always_ff @(posedge clk_i) begin
      assert (!rst_ni || stable);
      cover (waited_q && waits_q && valid_i && ready_i);
    end
  end

endmodule
