// SPDX-License-Identifier: MIT
// A register in a channel.
//
// Promises: each message comes out once, in order, a cycle later at the earliest; neither side sees
// the other in the same cycle. So it moves in every other cycle at most.

module gmmu_channel_register #(
  parameter int unsigned Width = 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             valid_i,
  output logic             ready_o,
  input  logic [Width-1:0] message_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] message_o
);

  logic valid_q;
  logic [Width-1:0] message_q;
  assign ready_o = !valid_q;
  assign valid_o = valid_q;
  assign message_o = message_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else valid_q <= valid_q ? !ready_i : valid_i;
  end
  always_ff @(posedge clk_i) begin
    if (valid_i && !valid_q) message_q <= message_i;
  end

endmodule
