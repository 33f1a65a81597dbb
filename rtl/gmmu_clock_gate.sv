// SPDX-License-Identifier: MIT
// Where a clock may stop: an edge for which `enable_i` is low changes nothing behind it.
//
// Here it runs on, so nobody depends on it: an FPGA has enables at its registers. A standard-cell
// library puts its own gate in the place of this module; a simulator's is beside gmmu_stepped.sv.

module gmmu_clock_gate (
  input  logic clk_i,
  input  logic enable_i,
  output logic clk_o
);

  assign clk_o = clk_i;

endmodule
