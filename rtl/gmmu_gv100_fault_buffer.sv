// SPDX-License-Identifier: MIT
// One GV100 fault buffer: its registers, and where the next packet goes (pri_mmu_hub).
//
// Promises: PUT never passes GET; while OVERFLOW or GETPTR_CORRUPTED is set nothing may be written;
// a packet that asks for a place comes before a write of the same cycle, which may clear the
// OVERFLOW that it causes.

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

  // A packet asks for a place: there is room, or it is dropped. It asks when that is settled.
  output logic        settled_o,
  input  logic        reserve_i,
  output logic        room_o,
  output logic [63:0] address_o,
  input  logic        commit_i,  // it is whole in memory
  input  logic        fail_i  // it cannot be written
);

  faultline_regs_pkg::mmu_fault_buffer_lo_t lo_q;
  faultline_regs_pkg::mmu_fault_buffer_get_t get_in;
  faultline_regs_pkg::mmu_fault_buffer_size_t size_q, size_in;
  logic [31:0] hi_q;
  logic [19:0] get_q, put_q, put_next, put_next_q;
  logic overflow_q, corrupted_q, error_q;
  assign get_in = wdata_i;

  // Where PUT goes next is in a register in the second cycle after PUT or SIZE was written.
  logic wraps, settled_q;
  assign wraps = {1'b0, put_q} + 21'd1 >= {1'b0, size_q.val};
  assign put_next = wraps ? '0 : put_q + 20'd1;
  assign settled_o = settled_q;
  always_ff @(posedge clk_i) begin
    put_next_q <= put_next;
    settled_q <= rst_ni && !size_write_i && !commit_i;
  end

  // GET and SIZE are checked against each other; one of them is written at a time. Of a buffer of
  // no entries any GET but 0 is corrupt.
  logic is_corrupt;
  always_comb begin
    size_in = wdata_i & faultline_regs_pkg::MMU_FAULT_BUFFER_SIZE_RW;
    if (size_in.set_default) size_in.val = 20'(DefaultEntries);
    is_corrupt = 1'b0;
    if (get_write_i)
      is_corrupt = size_q.enable && get_in.ptr >= size_q.val && get_in.ptr != '0;
    else if (size_write_i)
      is_corrupt = size_in.enable && get_q >= size_in.val && get_q != '0;
  end

  logic is_full, clears_overflow, clears_corrupted;
  assign is_full = get_q == put_next_q || size_q.val == '0;
  assign room_o = !overflow_q && !corrupted_q && !is_full;
  assign clears_overflow = get_write_i && get_in.overflow;
  assign clears_corrupted = get_write_i && get_in.getptr_corrupted;
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
      if (size_write_i) size_q <= size_in;
      if (get_write_i) get_q <= get_in.ptr;

      if (size_write_i && size_in.enable && put_q >= size_in.val) put_q <= '0;
      else if (commit_i) put_q <= put_next;

      overflow_q <= (overflow_q || (reserve_i && !corrupted_q && is_full)) && !clears_overflow;
      corrupted_q <= is_corrupt || (corrupted_q && !clears_corrupted);
      if (size_write_i && size_in.enable && !size_q.enable) error_q <= 1'b0;
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
