// SPDX-License-Identifier: MIT
// Cover points of gmmu_gv100_snapshot: the first fault stays.

module gmmu_gv100_snapshot_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic latch,
  input logic keeps,
  input logic status_write,
  input logic was_valid,
  input logic valid,
  input logic [8:0] engine
);

  kept: cover property (@(posedge clk_i) rst_ni && keeps);
  dropped_bar1:
  cover property (@(posedge clk_i) rst_ni &&
                  latch && !keeps && engine == faultline_regs_pkg::EngineIdBar1);
  dropped_bar2:
  cover property (@(posedge clk_i) rst_ni &&
                  latch && !keeps && engine == faultline_regs_pkg::EngineIdBar2);
  dropped_ifb:
  cover property (@(posedge clk_i) rst_ni &&
                  latch && !keeps && engine == faultline_regs_pkg::EngineIdIfb);
  dropped_physical:
  cover property (@(posedge clk_i) rst_ni &&
                  latch && !keeps && engine == faultline_regs_pkg::EngineIdPhysical);
  dropped_other:
  cover property (@(posedge clk_i) rst_ni &&
                  latch && !keeps && engine != faultline_regs_pkg::EngineIdBar1 && engine !=
                  faultline_regs_pkg::EngineIdBar2 && engine != faultline_regs_pkg::EngineIdIfb
                  && engine != faultline_regs_pkg::EngineIdPhysical);
  cleared: cover property (@(posedge clk_i) rst_ni && status_write && was_valid && !valid);

endmodule

bind gmmu_gv100_snapshot gmmu_gv100_snapshot_cover u_cover (
  .clk_i,
  .rst_ni,
  .latch(latch_i),
  .keeps,
  .status_write(status_write_i),
  .was_valid(status_q.valid),
  .valid(kept.valid),
  .engine(request.engine_id)
);
