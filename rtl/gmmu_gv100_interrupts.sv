// SPDX-License-Identifier: MIT
// The interrupt sources of the MMU hub: NISO_INTR and its enables.
//
// Promises: a source is a level; it rises when its enabled level does, and each time it is enabled
// while its level is up.

module gmmu_gv100_interrupts (
  input  logic clk_i,
  input  logic rst_ni,

  input  faultline_regs_pkg::niso_intr_t level_i,
  input  logic                           en_set_write_i,
  input  logic                           en_clr_write_i,
  input  logic [31:0]                    wdata_i,
  output logic [31:0]                    enabled_o,

  output logic [31:0] pending_o,
  output logic [31:0] rose_o,
  output logic        active_o  // what is remembered is not up to date
);

  // What may be enabled; access counters are not built.
  faultline_regs_pkg::niso_intr_t settable;
  assign settable = {5'b1_1111, 27'b0};

  logic [31:0] enabled_q, enabled_again_q, before_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enabled_q <= '0;
      enabled_again_q <= '0;
      before_q <= '0;
    end else begin
      if (en_set_write_i) enabled_q <= enabled_q | (wdata_i & settable);
      else if (en_clr_write_i) enabled_q <= enabled_q & ~wdata_i;
      enabled_again_q <= en_set_write_i ? wdata_i & settable : '0;
      before_q <= pending_o;
    end
  end

  assign enabled_o = enabled_q;
  assign pending_o = level_i & enabled_q;
  assign rose_o = pending_o & (~before_q | enabled_again_q);
  assign active_o = pending_o != before_q || enabled_again_q != '0;

endmodule
