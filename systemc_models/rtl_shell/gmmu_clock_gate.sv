// SPDX-License-Identifier: MIT
// rtl/gmmu_clock_gate.sv as a simulator wants it: what is behind a clock that stands is not
// evaluated.
//
// The enable is taken while the clock is low, when all of a cycle has been computed; so a gate may
// be behind another.

module gmmu_clock_gate (
  input  logic clk_i,
  input  logic enable_i,
  output logic clk_o
);

  logic enable;
  always_latch begin
    if (!clk_i) enable = enable_i;
  end
  assign clk_o = clk_i && enable;

endmodule
