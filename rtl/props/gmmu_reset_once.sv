// SPDX-License-Identifier: MIT
// Assumed by every proof: one cycle of reset at the beginning, and none later.

module gmmu_reset_once (
  input logic clk_i,
  input logic rst_ni
);

  logic running_q = 1'b0;
  always_ff @(posedge clk_i) running_q <= 1'b1;
  always_comb assume (rst_ni == running_q);

endmodule
