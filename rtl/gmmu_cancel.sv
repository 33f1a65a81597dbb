// SPDX-License-Identifier: MIT
// Whether the operation in progress cancels a request that faulted again (dev_pbdma, MEM_OP).
//
// CANCEL_GLOBAL means all, CANCEL_TARGETED all of the uTLB to which a GPC and a client lead,
// CANCEL_VA_GLOBAL those of an address space, a page of 4 KiB and a class of accesses.

module gmmu_cancel #(
  parameter int unsigned NumGpcs = 4,
  parameter int unsigned UtlbsPerGpc = 9
) (
  input  gmmu_pkg::operation_t operation_i,
  input  gmmu_pkg::report_t    report_i,
  output logic                 cancelled_o
);

  // Ids beyond the configuration wrap around.
  logic [4:0] gpc;
  logic [3:0] utlb;
  gmmu_pkg::port_t target;
  assign gpc = operation_i.cancel_gpc_id % 5'(NumGpcs);
  assign utlb = gmmu_client_pkg::utlb_of(operation_i.cancel_client) % 4'(UtlbsPerGpc);
  assign target = gmmu_pkg::PortBits'(gpc) * gmmu_pkg::PortBits'(UtlbsPerGpc) +
                  gmmu_pkg::PortBits'(utlb);

  gmmu_pkg::invalidate_t invalidate;
  gmmu_pkg::request_t request;
  gmmu_pkg::binding_t binding;
  gmmu_pkg::space_t space;
  assign invalidate = operation_i.invalidate;
  assign request = report_i.request;
  assign binding = report_i.binding;
  assign space = binding.space;

  logic in_class, is_atomic;
  logic [3:0] access_type;
  assign access_type = request.access_type;
  assign is_atomic = access_type == faultline_regs_pkg::AccessTypeAtomic ||
                     access_type == faultline_regs_pkg::AccessTypeAtomicWeak;
  always_comb begin
    case (operation_i.cancel_access)
      faultline_regs_pkg::CancelAccessRead:
      in_class = access_type == faultline_regs_pkg::AccessTypeRead;
      faultline_regs_pkg::CancelAccessWrite:
      in_class = access_type == faultline_regs_pkg::AccessTypeWrite;
      faultline_regs_pkg::CancelAccessAtomicStrong:
      in_class = access_type == faultline_regs_pkg::AccessTypeAtomic;
      faultline_regs_pkg::CancelAccessAtomicWeak:
      in_class = access_type == faultline_regs_pkg::AccessTypeAtomicWeak;
      faultline_regs_pkg::CancelAccessAtomicAll: in_class = is_atomic;
      faultline_regs_pkg::CancelAccessWriteAndAtomic:
      in_class = is_atomic || access_type == faultline_regs_pkg::AccessTypeWrite;
      faultline_regs_pkg::CancelAccessAll: in_class = 1'b1;
      default: in_class = 1'b0;
    endcase
  end

  logic in_space, in_page;
  assign in_space = binding.bound &&
                    (invalidate.all_pdb ||
                     gmmu_match_pkg::is_space(
                         invalidate.pdb_page,
                         invalidate.pdb_aperture == faultline_regs_pkg::InvalidatePdbApertureSysMem,
                         space));
  assign in_page = request.va[63:12] == {4'b0, invalidate.va_page};

  always_comb begin
    case (operation_i.replay)
      faultline_regs_pkg::ReplayOpCancelGlobal: cancelled_o = 1'b1;
      faultline_regs_pkg::ReplayOpCancelTargeted:
      cancelled_o = operation_i.cancel_client_type == faultline_regs_pkg::ClientTypeGpc &&
                    report_i.port == target;
      faultline_regs_pkg::ReplayOpCancelVaGlobal: cancelled_o = in_space && in_page && in_class;
      default: cancelled_o = 1'b0;
    endcase
  end

endmodule
