// SPDX-License-Identifier: MIT
// Cover points of gmmu_control: what each operation cancels, and spares.

module gmmu_control_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic ends,
  input logic fault,
  input logic cancelled,
  input logic [2:0] replay,
  input logic [2:0] access,
  input logic client_type
);

  hits_cancel_targeted:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelTargeted);
  hits_cancel_global:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelGlobal);
  hits_cancel_va_global:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal);
  spares_cancel_targeted:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && !cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelTargeted);
  spares_cancel_va_global:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && !cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal);
  hits_read:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessRead);
  hits_write:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessWrite);
  hits_atomic_strong:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessAtomicStrong);
  hits_atomic_weak:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessAtomicWeak);
  hits_atomic_all:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessAtomicAll);
  hits_write_and_atomic:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessWriteAndAtomic);
  hits_all:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessAll);
  spares_read:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && !cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessRead);
  spares_write:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && !cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessWrite);
  spares_atomic_strong:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && !cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessAtomicStrong);
  spares_atomic_weak:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && !cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessAtomicWeak);
  spares_atomic_all:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && !cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessAtomicAll);
  spares_write_and_atomic:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && !cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessWriteAndAtomic);
  spares_all:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && !cancelled && replay ==
                  faultline_regs_pkg::ReplayOpCancelVaGlobal && access ==
                  faultline_regs_pkg::CancelAccessAll);
  targeted_at_the_hub_spares:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && fault && replay == faultline_regs_pkg::ReplayOpCancelTargeted &&
                  client_type == faultline_regs_pkg::ClientTypeHub);

endmodule

bind gmmu_control gmmu_control_cover u_cover (
  .clk_i,
  .rst_ni,
  // In the cycle in which the report is decided.
  .ends,
  .fault(u_fault_unit.response.outcome == gmmu_pkg::OutcomeFaulted),
  .cancelled(u_fault_unit.cancels_q),
  .replay(operation.replay),
  .access(operation.cancel_access),
  .client_type(operation.cancel_client_type)
);
