// SPDX-License-Identifier: MIT
// Cover points of gmmu_invalidate_engine: operations, replays and their acknowledge.

module gmmu_invalidate_engine_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic begins,
  input logic replays,
  input logic [2:0] replay,
  input logic flushes,
  input logic flush_all,
  input logic flush_bindings,
  input gmmu_pkg::invalidate_t invalidate,
  input logic push,
  input logic is_full,
  input logic is_empty,
  input logic empty,
  input logic idle,
  input logic replaying,
  input logic replay_waits
);

  operation_none:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && replay == faultline_regs_pkg::ReplayOpNone);
  operation_start:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && replay == faultline_regs_pkg::ReplayOpStart);
  operation_start_ack_all:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && replay == faultline_regs_pkg::ReplayOpStartAckAll);
  operation_cancel_targeted:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && replay == faultline_regs_pkg::ReplayOpCancelTargeted);
  operation_cancel_global:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && replay == faultline_regs_pkg::ReplayOpCancelGlobal);
  operation_cancel_va_global:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && replay == faultline_regs_pkg::ReplayOpCancelVaGlobal);
  replay_start:
  cover property (@(posedge clk_i) rst_ni &&
                  replays && replay == faultline_regs_pkg::ReplayOpStart);
  replay_start_ack_all:
  cover property (@(posedge clk_i) rst_ni &&
                  replays && replay == faultline_regs_pkg::ReplayOpStartAckAll);
  replay_cancel_targeted:
  cover property (@(posedge clk_i) rst_ni &&
                  replays && replay == faultline_regs_pkg::ReplayOpCancelTargeted);
  replay_cancel_global:
  cover property (@(posedge clk_i) rst_ni &&
                  replays && replay == faultline_regs_pkg::ReplayOpCancelGlobal);
  replay_cancel_va_global:
  cover property (@(posedge clk_i) rst_ni &&
                  replays && replay == faultline_regs_pkg::ReplayOpCancelVaGlobal);
  replay_of_hubtlb_only_is_none:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && invalidate.hubtlb_only && replay !=
                  faultline_regs_pkg::ReplayOpNone);

  acknowledged_before_replay_ends: cover property (@(posedge clk_i) rst_ni && replaying && empty);
  acknowledged_after_replay_ends:
  cover property (@(posedge clk_i) rst_ni &&
                  replaying && !empty && is_empty);
  push_while_replaying: cover property (@(posedge clk_i) rst_ni && push && !is_full && replaying);
  push_while_full: cover property (@(posedge clk_i) rst_ni && push && is_full);
  queued: cover property (@(posedge clk_i) rst_ni && push && !is_empty && !is_full);
  replay_waits_for_withdrawal: cover property (@(posedge clk_i) rst_ni && replay_waits);
  modes_flush: cover property (@(posedge clk_i) rst_ni && idle && flush_all);
  bindings_flush: cover property (@(posedge clk_i) rst_ni && idle && flush_bindings && !flush_all);
  both_flushes: cover property (@(posedge clk_i) rst_ni && idle && flush_bindings && flush_all);

  of_all:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && invalidate.all_pdb && invalidate.all_va);
  of_one_space:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && !invalidate.all_pdb && invalidate.all_va);
  of_one_page:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && !invalidate.all_pdb && !invalidate.all_va &&
                  invalidate.size == 0);
  of_a_range:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && !invalidate.all_va && invalidate.size != 0);
  of_hub_only:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && invalidate.hubtlb_only);
  level_all:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && invalidate.cache_level ==
                  faultline_regs_pkg::CacheLevelAll);
  level_pte_only:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && invalidate.cache_level ==
                  faultline_regs_pkg::CacheLevelPteOnly);
  level_up_to_pde0:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && invalidate.cache_level ==
                  faultline_regs_pkg::CacheLevelUpToPde0);
  level_up_to_pde1:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && invalidate.cache_level ==
                  faultline_regs_pkg::CacheLevelUpToPde1);
  level_up_to_pde2:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && invalidate.cache_level ==
                  faultline_regs_pkg::CacheLevelUpToPde2);
  level_up_to_pde3:
  cover property (@(posedge clk_i) rst_ni &&
                  begins && !flushes && invalidate.cache_level ==
                  faultline_regs_pkg::CacheLevelUpToPde3);

endmodule

bind gmmu_invalidate_engine gmmu_invalidate_engine_cover u_cover (
  .clk_i,
  .rst_ni,
  .begins(state_q == StInvalidate && invalidate_ready_i),
  .replays(replay_begins_o),
  .replay(operation_q.replay),
  .flushes(flushes_q),
  .flush_all(flush_all_q),
  .flush_bindings(flush_bindings_q),
  .invalidate,
  .push(push_i),
  .is_full,
  .is_empty,
  .empty(empty_o),
  .idle(state_q == StIdle),
  .replaying(state_q == StReplaying),
  .replay_waits(replay_o && !replay_ready_i)
);
