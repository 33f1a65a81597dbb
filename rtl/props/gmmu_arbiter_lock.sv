// SPDX-License-Identifier: MIT
// An arbiter grants one of those that ask, and a grant that waits stays.
//
// Assumed, and proved where it is used: who asks goes on until it is served.

module gmmu_arbiter_lock #(
  parameter int unsigned N = 2
) (
  input logic clk_i,
  input logic rst_ni,
  input logic [N-1:0] valid_i,
  input logic ready_i,
  input logic [N-1:0] grant_o,
  input logic [N-1:0] locked_q
);

  localparam logic [N-1:0] One = {{N - 1{1'b0}}, 1'b1};
  logic [N-1:0] waiting_q = '0;
  always_ff @(posedge clk_i) begin
    waiting_q <= rst_ni && !ready_i ? grant_o : '0;
    if (rst_ni) begin
      assert (locked_q == waiting_q);
      assert ((waiting_q & ~valid_i) == '0);
      assert ((grant_o & (grant_o - One)) == '0);
      assert ((grant_o & ~valid_i) == '0);
      assert ((grant_o == '0) == (valid_i == '0));
    end
  end

endmodule

bind gmmu_arbiter gmmu_arbiter_lock #(
  .N(N)
) u_lock (
  .clk_i,
  .rst_ni,
  .valid_i,
  .ready_i,
  .grant_o,
  .locked_q
);
