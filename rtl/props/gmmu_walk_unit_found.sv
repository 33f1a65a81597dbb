// SPDX-License-Identifier: MIT
// At most one walk a cycle finds a directory entry, so the PDE cache takes them all.
//
// Assumed: memory gives its data to one walker a cycle.

module gmmu_walk_unit_found #(
  parameter int unsigned Walkers = 4
) (
  input logic clk_i,
  input logic rst_ni,
  input logic [Walkers-1:0] data_valid_i,
  input logic [Walkers-1:0] found
);

  always_comb assume ((data_valid_i & (data_valid_i - 1'b1)) == '0);

  logic [Walkers-1:0] found_q = '0;
  always_ff @(posedge clk_i) begin
    found_q <= rst_ni ? found : '0;
    if (rst_ni) begin
      assert ((found & (found - 1'b1)) == '0);
      cover (found_q[0] && found[1]);
    end
  end

endmodule

bind gmmu_walk_unit gmmu_walk_unit_found #(
  .Walkers(Walkers)
) u_found (.*);
