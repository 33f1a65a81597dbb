// SPDX-License-Identifier: MIT
// The GV100 snapshot registers: faults that no buffer takes (pri_mmu_hub, FAULT_ADDR to
// FAULT_STATUS).
//
// Promises: the first fault stays until VALID is written 1; those that come meanwhile set the
// DROPPED bit of their engine; a write of STATUS counts before a fault of the same cycle.

module gmmu_gv100_snapshot (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic              latch_i,
  input  gmmu_pkg::record_t record_i,

  input  logic                                   status_write_i,
  input  logic [31:0]                            wdata_i,
  output faultline_regs_pkg::mmu_fault_status_t  status_o,  // VALID and the DROPPED bits
  output faultline_regs_pkg::mmu_fault_addr_lo_t addr_lo_o,
  output logic [31:0]                            addr_hi_o,
  output faultline_regs_pkg::mmu_fault_inst_lo_t inst_lo_o,
  output logic [31:0]                            inst_hi_o,
  output faultline_regs_pkg::mmu_fault_info_t    info_o
);

  gmmu_pkg::request_t request;
  gmmu_pkg::instance_t inst;
  assign request = record_i.request;
  assign inst = request.inst;

  faultline_regs_pkg::mmu_fault_status_t status_q, kept, dropped, status_d;
  assign kept =
      status_write_i ? status_q & ~(wdata_i & faultline_regs_pkg::MMU_FAULT_STATUS_W1C) : status_q;

  // Accesses are virtual, but for those of the engine PHYSICAL.
  always_comb begin
    dropped = '0;
    case (request.engine_id)
      faultline_regs_pkg::EngineIdBar1: dropped.dropped_bar1_virt = 1'b1;
      faultline_regs_pkg::EngineIdBar2: dropped.dropped_bar2_virt = 1'b1;
      faultline_regs_pkg::EngineIdIfb: dropped.dropped_ifb_virt = 1'b1;
      faultline_regs_pkg::EngineIdPhysical: dropped.dropped_other_phys = 1'b1;
      default: dropped.dropped_other_virt = 1'b1;
    endcase
  end

  logic keeps;
  assign keeps = latch_i && !kept.valid;
  always_comb begin
    status_d = kept;
    if (keeps) status_d.valid = 1'b1;
    else if (latch_i) status_d = kept | dropped;
  end

  faultline_regs_pkg::mmu_fault_addr_lo_t addr_lo_q;
  faultline_regs_pkg::mmu_fault_inst_lo_t inst_lo_q;
  faultline_regs_pkg::mmu_fault_info_t info_q, info;
  logic [31:0] addr_hi_q, inst_hi_q;
  gmmu_gv100_info u_info (
    .record_i,
    .info_o(info)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      status_q <= '0;
      addr_lo_q <= '0;
      addr_hi_q <= '0;
      inst_lo_q <= '0;
      inst_hi_q <= '0;
      info_q <= '0;
    end else begin
      status_q <= status_d;
      if (keeps) begin
        addr_lo_q <= {request.va[31:12], 12'b0};
        addr_hi_q <= request.va[63:32];
        inst_lo_q <= {inst.page[19:0], inst.aperture, 1'b0, request.engine_id};
        inst_hi_q <= inst.page[51:20];
        info_q <= info;
      end
    end
  end

  assign status_o = status_q;
  assign addr_lo_o = addr_lo_q;
  assign addr_hi_o = addr_hi_q;
  assign inst_lo_o = inst_lo_q;
  assign inst_hi_o = inst_hi_q;
  always_comb begin
    info_o = info_q;
    info_o.valid = status_q.valid;
  end

endmodule
