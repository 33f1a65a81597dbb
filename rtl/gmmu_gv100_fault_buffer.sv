// SPDX-License-Identifier: MIT
// One GV100 fault buffer: its registers, and where the next packet goes (pri_mmu_hub).
//
// Promises: PUT never passes GET; while OVERFLOW or GETPTR_CORRUPTED is set nothing may be written;
// a write of GET counts before a packet that asks for a place in the same cycle.

module gmmu_gv100_fault_buffer #(
  parameter int unsigned DefaultEntries = 1024
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic        lo_write_i,
  input  logic        hi_write_i,
  input  logic        get_write_i,
  input  logic        size_write_i,
  input  logic [31:0] wdata_i,
  output faultline_regs_pkg::mmu_fault_buffer_lo_t   lo_o,
  output logic [31:0]                                hi_o,
  output faultline_regs_pkg::mmu_fault_buffer_get_t  get_o,
  output faultline_regs_pkg::mmu_fault_buffer_put_t  put_o,
  output faultline_regs_pkg::mmu_fault_buffer_size_t size_o,
  output logic                                       error_o,

  // A packet asks for a place: there is room, or it is dropped.
  input  logic        reserve_i,
  output logic        room_o,
  output logic [63:0] address_o,
  input  logic        commit_i,  // it is whole in memory
  input  logic        fail_i  // it cannot be written
);

  faultline_regs_pkg::mmu_fault_buffer_lo_t lo_q;
  faultline_regs_pkg::mmu_fault_buffer_get_t get_in;
  faultline_regs_pkg::mmu_fault_buffer_size_t size_q, size_in, size_d;
  logic [31:0] hi_q;
  logic [19:0] get_q, get_d, put_q, put_next;
  logic overflow_q, corrupted_q, error_q;
  assign get_in = wdata_i;

  assign put_next = {1'b0, put_q} + 21'd1 >= {1'b0, size_q.val} ? '0 : put_q + 20'd1;

  // What a write makes of GET and SIZE, which are checked against each other.
  always_comb begin
    size_in = wdata_i & faultline_regs_pkg::MMU_FAULT_BUFFER_SIZE_RW;
    if (size_in.set_default) size_in.val = 20'(DefaultEntries);
    size_d = size_write_i ? size_in : size_q;
    get_d = get_write_i ? get_in.ptr : get_q;
  end
  // Of a buffer of no entries any GET but 0 is corrupt.
  logic is_corrupt;
  assign is_corrupt = (get_write_i || size_write_i) && size_d.enable && get_d >= size_d.val &&
                      get_d != '0;

  logic overflow, corrupted, is_full;
  assign overflow = overflow_q && !(get_write_i && get_in.overflow);
  assign corrupted = is_corrupt ||
                     (corrupted_q && !(get_write_i && get_in.getptr_corrupted));
  assign is_full = put_next == get_d || size_q.val == '0;
  assign room_o = !overflow && !corrupted && !is_full;
  assign address_o = {hi_q, lo_q.addr, 12'b0} + {39'b0, put_q, 5'b0};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      lo_q <= faultline_regs_pkg::MMU_FAULT_BUFFER_LO_RESET;
      hi_q <= faultline_regs_pkg::MMU_FAULT_BUFFER_HI_RESET;
      size_q <= faultline_regs_pkg::MMU_FAULT_BUFFER_SIZE_RESET;
      get_q <= '0;
      put_q <= '0;
      overflow_q <= 1'b0;
      corrupted_q <= 1'b0;
      error_q <= 1'b0;
    end else begin
      if (lo_write_i) lo_q <= wdata_i & faultline_regs_pkg::MMU_FAULT_BUFFER_LO_RW;
      if (hi_write_i) hi_q <= wdata_i & faultline_regs_pkg::MMU_FAULT_BUFFER_HI_RW;
      size_q <= size_d;
      get_q <= get_d;

      if (size_write_i && size_d.enable && put_q >= size_d.val) put_q <= '0;
      else if (commit_i) put_q <= put_next;

      overflow_q <= overflow || (reserve_i && !corrupted && is_full);
      corrupted_q <= corrupted;
      if (size_write_i && size_d.enable && !size_q.enable) error_q <= 1'b0;
      else if (fail_i) error_q <= 1'b1;
    end
  end

  assign lo_o = lo_q;
  assign hi_o = hi_q;
  assign size_o = size_q;
  assign get_o = {overflow_q, corrupted_q, 10'b0, get_q};
  assign put_o = {overflow_q, corrupted_q, 10'b0, put_q};
  assign error_o = error_q;

endmodule
