// SPDX-License-Identifier: MIT
// Cover points of gmmu_fault_unit: what becomes of faults and of replayed requests.

module gmmu_fault_unit_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic decides,
  input logic replayed,
  input logic is_fault,
  input logic is_prefetch,
  input logic is_gcc,
  input logic replayable,
  input logic bound,
  input logic queue_full,
  input logic withdrawn,
  input logic cancels,
  input logic first_cancel,
  input logic send_none,
  input logic client_type,
  input logic [3:0] access_type,
  input logic [4:0] fault_type,
  input logic [2:0] outcome,
  input logic told,
  input logic answer_waits
);

  fault_pde:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && fault_type == faultline_regs_pkg::FaultTypePde);
  fault_pte:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && fault_type == faultline_regs_pkg::FaultTypePte);
  fault_va_limit_violation:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && fault_type ==
                  faultline_regs_pkg::FaultTypeVaLimitViolation);
  fault_unbound_inst_block:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && fault_type ==
                  faultline_regs_pkg::FaultTypeUnboundInstBlock);
  fault_priv_violation:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && fault_type == faultline_regs_pkg::FaultTypePrivViolation);
  fault_ro_violation:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && fault_type == faultline_regs_pkg::FaultTypeRoViolation);
  fault_unsupported_kind:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && fault_type ==
                  faultline_regs_pkg::FaultTypeUnsupportedKind);
  fault_region_violation:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && fault_type ==
                  faultline_regs_pkg::FaultTypeRegionViolation);
  fault_atomic_violation:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && fault_type ==
                  faultline_regs_pkg::FaultTypeAtomicViolation);

  fault_of_read:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && access_type == faultline_regs_pkg::AccessTypeRead);
  fault_of_write:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && access_type == faultline_regs_pkg::AccessTypeWrite);
  fault_of_atomic:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && access_type == faultline_regs_pkg::AccessTypeAtomic);
  fault_of_atomic_weak:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && access_type == faultline_regs_pkg::AccessTypeAtomicWeak);
  fault_of_prefetch:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && access_type == faultline_regs_pkg::AccessTypePrefetch);

  parked:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && !replayed && replayable && !is_prefetch && !queue_full);
  stalled:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && !replayed && replayable && !is_prefetch && queue_full);
  prefetch_told:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && !replayed && is_prefetch && !send_none);
  prefetch_filtered:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && !replayed && is_prefetch && send_none);
  prefetch_with_full_list:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && !replayed && is_prefetch && queue_full);
  fault_of_gcc_replayable:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && replayable && is_gcc);
  fault_of_gpc_not_replayable:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && !replayable && bound && client_type ==
                  faultline_regs_pkg::ClientTypeGpc);
  fault_of_hub:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && is_fault && client_type == faultline_regs_pkg::ClientTypeHub);

  replayed_translated:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && replayed && !withdrawn && outcome == gmmu_pkg::OutcomeTranslated);
  replayed_sparse:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && replayed && !withdrawn && outcome == gmmu_pkg::OutcomeSparse);
  replayed_faulted_again:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && replayed && !withdrawn && is_fault && replayable && !cancels);
  replayed_not_replayable_now:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && replayed && !withdrawn && is_fault && !replayable && !cancels);
  replayed_withdrawn: cover property (@(posedge clk_i) rst_ni && decides && replayed && withdrawn);
  cancelled_first:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && !withdrawn && cancels && first_cancel);
  cancelled_silently:
  cover property (@(posedge clk_i) rst_ni &&
                  decides && !withdrawn && cancels && !first_cancel);
  told_to_the_end: cover property (@(posedge clk_i) rst_ni && told);
  answer_waits_for_client: cover property (@(posedge clk_i) rst_ni && answer_waits);

endmodule

bind gmmu_fault_unit gmmu_fault_unit_cover u_cover (
  .clk_i,
  .rst_ni,
  .decides,
  .replayed(report_q.replayed),
  .is_fault,
  .is_prefetch,
  .is_gcc,
  .replayable(replayable_q),
  .bound(binding.bound),
  .queue_full(queue_full_i),
  .withdrawn(queue_withdrawn_i),
  .cancels(cancels_q),
  .first_cancel(first_cancel_q),
  .send_none(send_none_i),
  .client_type(request.client_type),
  .access_type(request.access_type),
  .fault_type(response.fault_type),
  .outcome(response.outcome),
  .told(record_valid_o && record_ready_i),
  .answer_waits(late_valid_o && !late_ready_i)
);
