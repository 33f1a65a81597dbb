// SPDX-License-Identifier: MIT
// Cover points of gmmu_hub: binding, L2 TLB, and the order of invalidates.

module gmmu_hub_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic answers,
  input logic walks,
  input logic walk_ready,
  input logic [1:0] result,
  input logic [4:0] fault_type,
  input gmmu_pkg::leaf_t leaf,
  input logic erase,
  input logic fill_waits,
  input logic both,
  input logic withdraws,
  input logic without_walker,
  input logic abort,
  input logic walks_idle,
  input logic purge,
  input gmmu_pkg::purge_t purge_op,
  input logic settles,
  input logic scans
);

  l2_hit_4k:
  cover property (@(posedge clk_i) rst_ni &&
                  answers && result == gmmu_pkg::ResultTranslated && leaf.page_size ==
                  gmmu_pkg::PageSize4k);
  l2_hit_64k:
  cover property (@(posedge clk_i) rst_ni &&
                  answers && result == gmmu_pkg::ResultTranslated && leaf.page_size ==
                  gmmu_pkg::PageSize64k);
  l2_hit_2m:
  cover property (@(posedge clk_i) rst_ni &&
                  answers && result == gmmu_pkg::ResultTranslated && leaf.page_size ==
                  gmmu_pkg::PageSize2m);
  l2_refused: cover property (@(posedge clk_i) rst_ni && erase);
  unbound:
  cover property (@(posedge clk_i) rst_ni &&
                  answers && result == gmmu_pkg::ResultFault && fault_type ==
                  faultline_regs_pkg::FaultTypeUnboundInstBlock);
  beyond_limit:
  cover property (@(posedge clk_i) rst_ni &&
                  answers && result == gmmu_pkg::ResultFault && fault_type ==
                  faultline_regs_pkg::FaultTypeVaLimitViolation);
  overtaken: cover property (@(posedge clk_i) rst_ni && answers && result == gmmu_pkg::ResultRetry);
  walk_refused_a_miss: cover property (@(posedge clk_i) rst_ni && walks && !walk_ready);
  fill_waits_for_fill: cover property (@(posedge clk_i) rst_ni && fill_waits);
  walk_answer_behind_another: cover property (@(posedge clk_i) rst_ni && both);
  l2_hit_withdraws_a_walk: cover property (@(posedge clk_i) rst_ni && withdraws);
  l2_hit_without_a_walker: cover property (@(posedge clk_i) rst_ni && without_walker);
  invalidate_while_walking: cover property (@(posedge clk_i) rst_ni && abort && !walks_idle);
  invalidate_while_idle: cover property (@(posedge clk_i) rst_ni && abort && walks_idle);
  invalidate_scans_l2: cover property (@(posedge clk_i) rst_ni && scans);
  invalidate_waits_for_answers: cover property (@(posedge clk_i) rst_ni && settles);
  bindings_purged: cover property (@(posedge clk_i) rst_ni && purge && purge_op.bindings);
  only_bindings_purged: cover property (@(posedge clk_i) rst_ni && purge && !purge_op.pages);

endmodule

bind gmmu_hub gmmu_hub_cover u_cover (
  .clk_i,
  .rst_ni,
  .answers,
  .walks,
  .walk_ready,
  .result(answer.result),
  .fault_type(answer.fault_type),
  .leaf(l2_leaf),
  .erase(compared_q && u_l2_tlb.refuses != '0),
  .fill_waits(walk_offered && !answers && !u_walk_unit.goes),
  .both(walk_offered && answers),
  .withdraws(given_q && serves),
  .without_walker(second_valid_q && serves),
  .abort,
  .walks_idle,
  .purge(purge_o),
  .purge_op(purge_q),
  .settles(state_q == StSettle && purge_pending_i),
  .scans(state_q == StScan && purging)
);
