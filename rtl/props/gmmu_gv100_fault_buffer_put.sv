// SPDX-License-Identifier: MIT
// PUT of a fault buffer never passes GET.
//
// Assumed of software: one register written a cycle; GET moves over packets that are there; SIZE is
// written only while both pointers are 0 and no packet is on its way. Assumed of the reporter: a
// packet that got a place is committed or fails before it asks for the next, and it asks when the
// answer is settled.

module gmmu_gv100_fault_buffer_put (
  input logic clk_i,
  input logic rst_ni,
  input logic lo_write_i,
  input logic hi_write_i,
  input logic get_write_i,
  input logic size_write_i,
  input logic [31:0] wdata_i,
  input faultline_regs_pkg::mmu_fault_buffer_get_t get_o,
  input faultline_regs_pkg::mmu_fault_buffer_put_t put_o,
  input faultline_regs_pkg::mmu_fault_buffer_size_t size_o,
  input logic settled_o,
  input logic reserve_i,
  input logic room_o,
  input logic commit_i,
  input logic fail_i,
  // For induction.
  input logic [19:0] put_next,
  input logic [19:0] put_next_q
);

  // How many packets wait for software, and how many of them it takes now.
  logic [20:0] unread_q = '0;
  (* anyseq *) logic [20:0] taken;
  logic placed_q = 1'b0, was_full_q = 1'b0;
  logic [20:0] size, sum_get, sum_put, next_get;
  faultline_regs_pkg::mmu_fault_buffer_get_t get_in;
  assign get_in = wdata_i;
  assign size = {1'b0, size_o.val};
  assign sum_get = {1'b0, get_o.ptr} + taken;
  assign next_get = sum_get >= size ? sum_get - size : sum_get;
  assign sum_put = {1'b0, get_o.ptr} + unread_q;

  always_comb begin
    assume (3'(get_write_i) + 3'(size_write_i) + 3'(lo_write_i) + 3'(hi_write_i) <= 3'd1);
    assume (taken <= unread_q && (get_write_i || taken == '0));
    assume (!get_write_i || {1'b0, get_in.ptr} == (size == '0 ? '0 : next_get));
    assume (!size_write_i || (get_o.ptr == '0 && put_o.ptr == '0 && !placed_q && !reserve_i));
    assume (!(commit_i && fail_i) && (placed_q || !(commit_i || fail_i)));
    assume (!reserve_i || (settled_o && !placed_q));
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      placed_q <= (placed_q && !commit_i && !fail_i) || (reserve_i && room_o);
      unread_q <= unread_q + {20'b0, commit_i} - taken;

      // The pointers are as far apart as packets wait, and one entry at least is free.
      assert (unread_q == '0 || unread_q < size);
      assert ({1'b0, put_o.ptr} == (sum_put >= size && unread_q != '0 ? sum_put - size : sum_put));
      assert (!placed_q || unread_q + 21'd1 < size);
      assert (get_o.ptr == '0 || {1'b0, get_o.ptr} < size);
      assert (!get_o.getptr_corrupted);
      assert (!room_o || !get_o.overflow);
      assert (!settled_o || put_next_q == put_next);

      was_full_q <= was_full_q || get_o.overflow;
      cover (was_full_q && !get_o.overflow && size == 21'd3 && unread_q == 21'd2 &&
             put_o.ptr < get_o.ptr);
    end
  end

endmodule

bind gmmu_gv100_fault_buffer gmmu_gv100_fault_buffer_put u_put (.*);
