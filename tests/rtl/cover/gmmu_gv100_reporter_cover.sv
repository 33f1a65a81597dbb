// SPDX-License-Identifier: MIT
// Cover points of gmmu_gv100_reporter: to a buffer, to the snapshot, or lost.

module gmmu_gv100_reporter_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic begins,
  input logic to_snapshot,
  input logic has_room,
  input logic is_virtual,
  input logic replayable,
  input logic enabled,
  input logic [8:0] engine,
  input logic [4:0] fault_type,
  input logic translated,
  input logic [2:0] outcome,
  input logic responded,
  input logic [1:0] response,
  input logic valid_part,
  input logic commits
);

  packet_replayable:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !to_snapshot && has_room && replayable);
  packet_non_replayable:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !to_snapshot && has_room && !replayable);
  packet_dropped: cover property (@(posedge clk_i) rst_ni && begins && !to_snapshot && !has_room);
  packet_virtual:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !to_snapshot && has_room && is_virtual);
  snapshot_of_physical:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && engine == faultline_regs_pkg::EngineIdPhysical);
  snapshot_of_unbound:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && fault_type == faultline_regs_pkg::FaultTypeUnboundInstBlock);
  snapshot_of_disabled_buffer:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !enabled && fault_type !=
                  faultline_regs_pkg::FaultTypeUnboundInstBlock);
  virtual_translated:
  cover property (@(posedge clk_i) rst_ni &&
                  translated && outcome == gmmu_pkg::OutcomeTranslated);
  virtual_sparse:
  cover property (@(posedge clk_i) rst_ni &&
                  translated && outcome == gmmu_pkg::OutcomeSparse);
  virtual_faulted:
  cover property (@(posedge clk_i) rst_ni &&
                  translated && outcome == gmmu_pkg::OutcomeFaulted);
  first_part_error:
  cover property (@(posedge clk_i) rst_ni &&
                  responded && response != 0 && !valid_part);
  last_part_error:
  cover property (@(posedge clk_i) rst_ni &&
                  responded && response != 0 && valid_part);
  packet_whole: cover property (@(posedge clk_i) rst_ni && commits && responded);

endmodule

bind gmmu_gv100_reporter gmmu_gv100_reporter_cover u_cover (
  .clk_i,
  .rst_ni,
  .begins,
  .to_snapshot,
  .has_room,
  .is_virtual,
  .replayable(record_i.replayable_fault),
  .enabled((which & enabled_i) != '0),
  .engine(request.engine_id),
  .fault_type(record_i.fault_type),
  .translated(state_q == StTranslate && bar2_resp_valid_i),
  .outcome(bar2_resp_i.outcome),
  .responded(state_q == StResponse && bvalid_i),
  .response(bresp_i),
  .valid_part(valid_part_q),
  .commits
);
