// SPDX-License-Identifier: MIT
// Cover points of gmmu_gv100_fault_buffer: room, overflow, corrupt GET.

module gmmu_gv100_fault_buffer_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic reserve,
  input logic room,
  input logic commit,
  input logic fail,
  input logic get_write,
  input logic size_write,
  input logic is_corrupt,
  input logic overflow,
  input logic corrupted,
  input logic is_full,
  input logic [19:0] put,
  input logic [19:0] put_next,
  input faultline_regs_pkg::mmu_fault_buffer_get_t get_in,
  input faultline_regs_pkg::mmu_fault_buffer_size_t size,
  input faultline_regs_pkg::mmu_fault_buffer_size_t size_in,
  input logic error
);

  reserved: cover property (@(posedge clk_i) rst_ni && reserve && room);
  committed: cover property (@(posedge clk_i) rst_ni && commit);
  put_wraps: cover property (@(posedge clk_i) rst_ni && commit && put_next == '0);
  overflows:
  cover property (@(posedge clk_i) rst_ni &&
                  reserve && !overflow && !corrupted && is_full);
  dropped_in_overflow: cover property (@(posedge clk_i) rst_ni && reserve && overflow);
  overflow_cleared:
  cover property (@(posedge clk_i) rst_ni &&
                  get_write && overflow && get_in.overflow);
  corrupted_by_get: cover property (@(posedge clk_i) rst_ni && get_write && is_corrupt);
  corrupted_by_size: cover property (@(posedge clk_i) rst_ni && size_write && is_corrupt);
  dropped_when_corrupted: cover property (@(posedge clk_i) rst_ni && reserve && corrupted);
  corruption_cleared:
  cover property (@(posedge clk_i) rst_ni &&
                  get_write && corrupted && get_in.getptr_corrupted && !is_corrupt);
  no_entries: cover property (@(posedge clk_i) rst_ni && reserve && size.val == '0);
  packet_failed: cover property (@(posedge clk_i) rst_ni && fail);
  error_cleared:
  cover property (@(posedge clk_i) rst_ni &&
                  size_write && error && size_in.enable && !size.enable);
  put_beyond_new_size:
  cover property (@(posedge clk_i) rst_ni &&
                  size_write && size_in.enable && put >= size_in.val);
  size_default: cover property (@(posedge clk_i) rst_ni && size_write && size_in.set_default);

endmodule

bind gmmu_gv100_fault_buffer gmmu_gv100_fault_buffer_cover u_cover (
  .clk_i,
  .rst_ni,
  .reserve(reserve_i),
  .room(room_o),
  .commit(commit_i),
  .fail(fail_i),
  .get_write(get_write_i),
  .size_write(size_write_i),
  .is_corrupt,
  .overflow(overflow_q),
  .corrupted(corrupted_q),
  .is_full,
  .put(put_q),
  .put_next,
  .get_in,
  .size(size_q),
  .size_in,
  .error(error_q)
);
