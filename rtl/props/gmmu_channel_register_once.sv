// SPDX-License-Identifier: MIT
// What comes out of a register in a channel was put in before, each message once, in order.

module gmmu_channel_register_once #(
  parameter int unsigned Width = 1
) (
  input logic clk_i,
  input logic rst_ni,
  input logic valid_i,
  input logic ready_o,
  input logic [Width-1:0] message_i,
  input logic valid_o,
  input logic ready_i,
  input logic [Width-1:0] message_o
);

  logic inside_q = 1'b0, passed_q = 1'b0;
  logic [Width-1:0] inside_message_q;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      inside_q <= (inside_q && !(valid_o && ready_i)) || (valid_i && ready_o);
      if (valid_i && ready_o) inside_message_q <= message_i;

      assert (valid_o == inside_q && !(ready_o && inside_q));
      assert (!valid_o || message_o == inside_message_q);

      passed_q <= passed_q || (valid_o && ready_i);
      cover (passed_q && valid_o && ready_i && message_o == '1);
    end
  end

endmodule

bind gmmu_channel_register gmmu_channel_register_once #(
  .Width(Width)
) u_once (.*);

bind gmmu_channel_register gmmu_channel #(
  .Width(Width)
) u_out (
  .clk_i,
  .rst_ni,
  .valid_i(valid_o),
  .ready_i,
  .message_i(message_o)
);
