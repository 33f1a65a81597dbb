// SPDX-License-Identifier: MIT
// The registers of the GV100 front end in BAR0: which one is meant, those that are plain storage,
// and what the others read.
//
// Promises: an access is taken in any cycle and answered in the next; a write counts in the cycle
// in which it is taken; bits that are not fields read their reset value.

module gmmu_gv100_registers (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic        valid_i,
  input  logic        write_i,
  input  logic [23:0] addr_i,
  input  logic [31:0] wdata_i,
  output logic        rvalid_o,
  output logic [31:0] rdata_o,
  output logic        error_o,  // no such register here

  // Writes that another module takes; the data is wdata_i.
  output logic [1:0] buffer_lo_write_o,
  output logic [1:0] buffer_hi_write_o,
  output logic [1:0] buffer_get_write_o,
  output logic [1:0] buffer_size_write_o,
  output logic       status_write_o,
  output logic       en_set_write_o,
  output logic       en_clr_write_o,
  output logic       fifo_error_clear_o,
  output logic       flush_all_o,
  output logic       flush_bindings_o,
  output logic       push_o,
  output gmmu_pkg::operation_t operation_o,

  // What they read.
  input  logic [1:0][31:0] buffer_lo_i,
  input  logic [1:0][31:0] buffer_hi_i,
  input  logic [1:0][31:0] buffer_get_i,
  input  logic [1:0][31:0] buffer_put_i,
  input  logic [1:0][31:0] buffer_size_i,
  input  logic [31:0]      addr_lo_i,
  input  logic [31:0]      addr_hi_i,
  input  logic [31:0]      inst_lo_i,
  input  logic [31:0]      inst_hi_i,
  input  logic [31:0]      info_i,
  input  logic [31:0]      status_i,
  input  logic [31:0]      niso_level_i,
  input  logic [31:0]      niso_enabled_i,
  input  logic             fifo_empty_i,
  input  logic [7:0]       fifo_space_i,
  input  logic             fifo_error_i,

  output gmmu_pkg::modes_t                modes_o,
  output logic                            send_none_o,
  output faultline_regs_pkg::bar1_block_t bar1_block_o,
  output faultline_regs_pkg::bar2_block_t bar2_block_o
);

  logic [31:0] address;
  logic writes;
  assign address = {8'b0, addr_i};
  assign writes = valid_i && write_i;

  // Plain storage.
  faultline_regs_pkg::mmu_ctrl_t ctrl_q, ctrl;
  faultline_regs_pkg::mmu_page_fault_ctrl_t page_fault_ctrl_q;
  faultline_regs_pkg::bar1_block_t bar1_block_q;
  faultline_regs_pkg::bar2_block_t bar2_block_q;
  faultline_regs_pkg::mmu_invalidate_vaddr_t vaddr_q;
  faultline_regs_pkg::mmu_invalidate_upper_vaddr_t upper_vaddr_q;
  faultline_regs_pkg::mmu_invalidate_pdb_t pdb_q;
  faultline_regs_pkg::mmu_invalidate_upper_pdb_t upper_pdb_q;
  faultline_regs_pkg::mmu_invalidate_size_t size_q;
  logic [31:0] pasid_q, invalidate_q, bind_imb_q, bind_q, debug_ctrl_q, debug_wr_q, debug_rd_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ctrl_q <= faultline_regs_pkg::MMU_CTRL_RESET & faultline_regs_pkg::MMU_CTRL_RW;
      page_fault_ctrl_q <= faultline_regs_pkg::MMU_PAGE_FAULT_CTRL_RESET;
      bar1_block_q <= faultline_regs_pkg::BAR1_BLOCK_RESET;
      bar2_block_q <= faultline_regs_pkg::BAR2_BLOCK_RESET;
      vaddr_q <= faultline_regs_pkg::MMU_INVALIDATE_VADDR_RESET;
      upper_vaddr_q <= faultline_regs_pkg::MMU_INVALIDATE_UPPER_VADDR_RESET;
      pdb_q <= faultline_regs_pkg::MMU_INVALIDATE_PDB_RESET;
      upper_pdb_q <= faultline_regs_pkg::MMU_INVALIDATE_UPPER_PDB_RESET;
      size_q <= faultline_regs_pkg::MMU_INVALIDATE_SIZE_RESET;
      pasid_q <= faultline_regs_pkg::MMU_INVALIDATE_PASID_RESET;
      invalidate_q <= faultline_regs_pkg::MMU_INVALIDATE_RESET;
      bind_imb_q <= faultline_regs_pkg::MMU_BIND_IMB_RESET;
      bind_q <= faultline_regs_pkg::MMU_BIND_RESET;
      debug_ctrl_q <= faultline_regs_pkg::MMU_DEBUG_CTRL_RESET;
      debug_wr_q <= faultline_regs_pkg::MMU_DEBUG_WR_RESET;
      debug_rd_q <= faultline_regs_pkg::MMU_DEBUG_RD_RESET;
    end else if (writes) begin
      case (address)
        faultline_regs_pkg::MMU_CTRL_OFFSET: ctrl_q <= wdata_i & faultline_regs_pkg::MMU_CTRL_RW;
        faultline_regs_pkg::MMU_PAGE_FAULT_CTRL_OFFSET:
        page_fault_ctrl_q <= wdata_i & faultline_regs_pkg::MMU_PAGE_FAULT_CTRL_RW;
        faultline_regs_pkg::BAR1_BLOCK_OFFSET:
        bar1_block_q <= wdata_i & faultline_regs_pkg::BAR1_BLOCK_RW;
        faultline_regs_pkg::BAR2_BLOCK_OFFSET:
        bar2_block_q <= wdata_i & faultline_regs_pkg::BAR2_BLOCK_RW;
        faultline_regs_pkg::MMU_INVALIDATE_VADDR_OFFSET:
        vaddr_q <= wdata_i & faultline_regs_pkg::MMU_INVALIDATE_VADDR_RW;
        faultline_regs_pkg::MMU_INVALIDATE_UPPER_VADDR_OFFSET:
        upper_vaddr_q <= wdata_i & faultline_regs_pkg::MMU_INVALIDATE_UPPER_VADDR_RW;
        faultline_regs_pkg::MMU_INVALIDATE_PDB_OFFSET:
        pdb_q <= wdata_i & faultline_regs_pkg::MMU_INVALIDATE_PDB_RW;
        faultline_regs_pkg::MMU_INVALIDATE_UPPER_PDB_OFFSET:
        upper_pdb_q <= wdata_i & faultline_regs_pkg::MMU_INVALIDATE_UPPER_PDB_RW;
        faultline_regs_pkg::MMU_INVALIDATE_SIZE_OFFSET:
        size_q <= wdata_i & faultline_regs_pkg::MMU_INVALIDATE_SIZE_RW;
        faultline_regs_pkg::MMU_INVALIDATE_PASID_OFFSET:
        pasid_q <= wdata_i & faultline_regs_pkg::MMU_INVALIDATE_PASID_RW;
        faultline_regs_pkg::MMU_INVALIDATE_OFFSET:
        invalidate_q <= wdata_i & faultline_regs_pkg::MMU_INVALIDATE_RW;
        faultline_regs_pkg::MMU_BIND_IMB_OFFSET:
        bind_imb_q <= wdata_i & faultline_regs_pkg::MMU_BIND_IMB_RW;
        faultline_regs_pkg::MMU_BIND_OFFSET: bind_q <= wdata_i & faultline_regs_pkg::MMU_BIND_RW;
        faultline_regs_pkg::MMU_DEBUG_CTRL_OFFSET:
        debug_ctrl_q <= wdata_i & faultline_regs_pkg::MMU_DEBUG_CTRL_RW;
        faultline_regs_pkg::MMU_DEBUG_WR_OFFSET:
        debug_wr_q <= wdata_i & faultline_regs_pkg::MMU_DEBUG_WR_RW;
        faultline_regs_pkg::MMU_DEBUG_RD_OFFSET:
        debug_rd_q <= wdata_i & faultline_regs_pkg::MMU_DEBUG_RD_RW;
        default: ;
      endcase
    end
  end

  // Writes that mean more than storage.
  faultline_regs_pkg::mmu_ctrl_t ctrl_in;
  faultline_regs_pkg::mmu_bind_t bind_in;
  faultline_regs_pkg::mmu_invalidate_level_t invalidate_in;
  faultline_regs_pkg::mmu_invalidate_cancel_t cancel_in;
  assign ctrl_in = wdata_i;
  assign bind_in = wdata_i;
  assign invalidate_in = wdata_i;
  assign cancel_in = wdata_i;

  // The registers of the fault buffers: what is written, and what they read.
  logic [1:0] is_buffer;
  logic [1:0][31:0] buffer;
  for (genvar i = 0; i < 2; i++) begin : gen_buffer
    localparam logic [31:0] Apart = i * faultline_regs_pkg::MMU_FAULT_BUFFER_LO_STRIDE;
    localparam logic [31:0] Lo = faultline_regs_pkg::MMU_FAULT_BUFFER_LO_OFFSET + Apart;
    localparam logic [31:0] Hi = faultline_regs_pkg::MMU_FAULT_BUFFER_HI_OFFSET + Apart;
    localparam logic [31:0] Get = faultline_regs_pkg::MMU_FAULT_BUFFER_GET_OFFSET + Apart;
    localparam logic [31:0] Put = faultline_regs_pkg::MMU_FAULT_BUFFER_PUT_OFFSET + Apart;
    localparam logic [31:0] Size = faultline_regs_pkg::MMU_FAULT_BUFFER_SIZE_OFFSET + Apart;
    assign buffer_lo_write_o[i] = writes && address == Lo;
    assign buffer_hi_write_o[i] = writes && address == Hi;
    assign buffer_get_write_o[i] = writes && address == Get;
    assign buffer_size_write_o[i] = writes && address == Size;
    always_comb begin
      is_buffer[i] = 1'b1;
      buffer[i] = '0;
      case (address)
        Lo: buffer[i] = buffer_lo_i[i];
        Hi: buffer[i] = buffer_hi_i[i];
        Get: buffer[i] = buffer_get_i[i];
        Put: buffer[i] = buffer_put_i[i];
        Size: buffer[i] = buffer_size_i[i];
        default: is_buffer[i] = 1'b0;
      endcase
    end
  end
  assign status_write_o = writes && address == faultline_regs_pkg::MMU_FAULT_STATUS_OFFSET;
  assign en_set_write_o = writes && address == faultline_regs_pkg::NISO_INTR_EN_SET_OFFSET;
  assign en_clr_write_o = writes && address == faultline_regs_pkg::NISO_INTR_EN_CLR_OFFSET;
  assign flush_all_o = writes && address == faultline_regs_pkg::MMU_CTRL_OFFSET;
  assign fifo_error_clear_o = flush_all_o && ctrl_in.pri_fifo_error_clear;
  assign flush_bindings_o =
      writes && (address == faultline_regs_pkg::BAR1_BLOCK_OFFSET ||
                 address == faultline_regs_pkg::BAR2_BLOCK_OFFSET ||
                 (address == faultline_regs_pkg::MMU_BIND_OFFSET && bind_in.trigger));
  assign push_o = writes && address == faultline_regs_pkg::MMU_INVALIDATE_OFFSET &&
                  invalidate_in.trigger;

  // The operation that TRIGGER starts. CANCEL_VA_GLOBAL has no level: the bits are its class of
  // accesses.
  gmmu_pkg::invalidate_t invalidate;
  logic is_va_cancel;
  assign is_va_cancel = invalidate_in.replay == faultline_regs_pkg::ReplayOpCancelVaGlobal;
  assign invalidate.bindings_only = 1'b0;
  assign invalidate.all_va = invalidate_in.all_va;
  assign invalidate.all_pdb = invalidate_in.all_pdb;
  assign invalidate.hubtlb_only = invalidate_in.hubtlb_only;
  assign invalidate.va_page = {upper_vaddr_q.bits, vaddr_q.bits};
  assign invalidate.size = invalidate_in.use_size ? size_q.val : 6'b0;
  assign invalidate.pdb_page = {upper_pdb_q.addr, pdb_q.addr};
  assign invalidate.pdb_aperture = pdb_q.aperture;
  assign invalidate.cache_level =
      is_va_cancel ? faultline_regs_pkg::CacheLevelAll : invalidate_in.cache_level;
  assign operation_o.invalidate = invalidate;
  assign operation_o.replay = invalidate_in.replay;
  assign operation_o.cancel_access = cancel_in.cancel_access;
  assign operation_o.cancel_client_type = invalidate_in.cancel_client_type;
  assign operation_o.cancel_gpc_id = invalidate_in.cancel_gpc_id;
  assign operation_o.cancel_client = {1'b0, invalidate_in.cancel_client_id};

  // Reads.
  always_comb begin
    ctrl = ctrl_q;
    ctrl.pri_fifo_empty = fifo_empty_i;
    ctrl.pri_fifo_space = fifo_space_i;
    ctrl.pri_fifo_error = fifo_error_i;
  end

  logic [31:0] stored, told;
  logic is_stored, is_told;
  always_comb begin
    is_stored = 1'b1;
    stored = '0;
    case (address)
      faultline_regs_pkg::MMU_CTRL_OFFSET: stored = ctrl;
      faultline_regs_pkg::MMU_PAGE_FAULT_CTRL_OFFSET: stored = page_fault_ctrl_q;
      faultline_regs_pkg::BAR1_BLOCK_OFFSET: stored = bar1_block_q;
      faultline_regs_pkg::BAR2_BLOCK_OFFSET: stored = bar2_block_q;
      faultline_regs_pkg::BIND_STATUS_OFFSET: stored = faultline_regs_pkg::BIND_STATUS_RESET;
      faultline_regs_pkg::MMU_INVALIDATE_VADDR_OFFSET: stored = vaddr_q;
      faultline_regs_pkg::MMU_INVALIDATE_UPPER_VADDR_OFFSET: stored = upper_vaddr_q;
      faultline_regs_pkg::MMU_INVALIDATE_PDB_OFFSET: stored = pdb_q;
      faultline_regs_pkg::MMU_INVALIDATE_UPPER_PDB_OFFSET: stored = upper_pdb_q;
      faultline_regs_pkg::MMU_INVALIDATE_SIZE_OFFSET: stored = size_q;
      faultline_regs_pkg::MMU_INVALIDATE_PASID_OFFSET: stored = pasid_q;
      faultline_regs_pkg::MMU_INVALIDATE_OFFSET: stored = invalidate_q;
      faultline_regs_pkg::MMU_BIND_IMB_OFFSET: stored = bind_imb_q;
      faultline_regs_pkg::MMU_BIND_OFFSET: stored = bind_q;
      faultline_regs_pkg::MMU_DEBUG_CTRL_OFFSET: stored = debug_ctrl_q;
      faultline_regs_pkg::MMU_DEBUG_WR_OFFSET: stored = debug_wr_q;
      faultline_regs_pkg::MMU_DEBUG_RD_OFFSET: stored = debug_rd_q;
      default: is_stored = 1'b0;
    endcase
  end
  always_comb begin
    is_told = 1'b1;
    told = '0;
    case (address)
      faultline_regs_pkg::MMU_FAULT_ADDR_LO_OFFSET: told = addr_lo_i;
      faultline_regs_pkg::MMU_FAULT_ADDR_HI_OFFSET: told = addr_hi_i;
      faultline_regs_pkg::MMU_FAULT_INST_LO_OFFSET: told = inst_lo_i;
      faultline_regs_pkg::MMU_FAULT_INST_HI_OFFSET: told = inst_hi_i;
      faultline_regs_pkg::MMU_FAULT_INFO_OFFSET: told = info_i;
      faultline_regs_pkg::MMU_FAULT_STATUS_OFFSET: told = status_i;
      faultline_regs_pkg::NISO_INTR_OFFSET: told = niso_level_i;
      faultline_regs_pkg::NISO_INTR_EN_OFFSET: told = niso_enabled_i;
      // Word 1 of the enables has no sources.
      faultline_regs_pkg::NISO_INTR_EN_OFFSET + faultline_regs_pkg::NISO_INTR_EN_STRIDE: ;
      faultline_regs_pkg::NISO_INTR_EN_SET_OFFSET: ;
      faultline_regs_pkg::NISO_INTR_EN_SET_OFFSET + faultline_regs_pkg::NISO_INTR_EN_SET_STRIDE: ;
      faultline_regs_pkg::NISO_INTR_EN_CLR_OFFSET: ;
      faultline_regs_pkg::NISO_INTR_EN_CLR_OFFSET + faultline_regs_pkg::NISO_INTR_EN_CLR_STRIDE: ;
      default: is_told = 1'b0;
    endcase
  end

  // Each source has a register for its word, which is 0 if another is read: so an address goes to
  // few words at a time, and those are near each other.
  logic [31:0] stored_q, told_q;
  logic [1:0][31:0] buffer_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) rvalid_o <= 1'b0;
    else rvalid_o <= valid_i;
  end
  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      stored_q <= stored;
      told_q <= told;
      buffer_q <= buffer;
      error_o <= !is_stored && !is_told && is_buffer == '0;
    end
  end
  assign rdata_o = stored_q | told_q | buffer_q[0] | buffer_q[1];

  assign modes_o.mmu_disable = ctrl_q.mmu_disable;
  assign modes_o.mmu_aperture = ctrl_q.mmu_aperture;
  assign modes_o.mmu_vol = ctrl_q.mmu_vol;
  assign modes_o.strong_override = ctrl_q.strong_bit_override_atomic_disable;
  assign modes_o.cache_off = ctrl_q.cache_mode == faultline_regs_pkg::CacheModeOff;
  assign modes_o.pde_cache_off = ctrl_q.pde_cache_mode == faultline_regs_pkg::CacheModeOff;
  assign send_none_o = page_fault_ctrl_q.prf_filter == faultline_regs_pkg::PrfFilterSendNone;
  assign bar1_block_o = bar1_block_q;
  assign bar2_block_o = bar2_block_q;

endmodule
