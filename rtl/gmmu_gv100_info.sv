// SPDX-License-Identifier: MIT
// A fault as word 7 of a packet, which is also how the snapshot's FAULT_INFO is laid out.

module gmmu_gv100_info (
  input  gmmu_pkg::record_t                   record_i,
  output faultline_regs_pkg::mmu_fault_info_t info_o
);

  gmmu_pkg::request_t request;
  assign request = record_i.request;

  assign info_o = {
    1'b1,  // valid
    record_i.replayable_fault_en,
    1'b0,  // protected_mode
    request.gpc_id,
    3'b0,
    request.client_type,
    request.access_type,
    1'b0,
    request.client,
    record_i.replayable_fault,
    2'b0,
    record_i.fault_type
  };

endmodule
