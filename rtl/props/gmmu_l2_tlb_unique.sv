// SPDX-License-Identifier: MIT
// No two entries of the L2 TLB of one page size match an address.
//
// Assumed, as the hub keeps it: a compare names the page that was read two cycles before, a write
// needs a compare and has none between its read and itself, nor one beside its read of a page that
// covers its own, and leaves have one of the three page sizes. Purges end before the next read.

module gmmu_l2_tlb_unique #(
  parameter int unsigned Ways = 4
) (
  input logic clk_i,
  input logic rst_ni,
  input logic read_i,
  input logic [36:0] read_page_i,
  input logic compare_i,
  input logic [36:0] page_i,
  input logic write_i,
  input gmmu_pkg::leaf_t leaf_i,
  input logic erase_i,
  input logic purge_i,
  input logic purging_o,
  input logic [Ways-1:0] match
);

  localparam int unsigned Ways4k = Ways / 2;

  logic written_q = 1'b0, rewritten_q = 1'b0;
  logic [1:0] reads_q = '0, writes_q = '0;  // of the last two cycles
  logic [36:0] read_page_q, word_page_q, written_page_q, beside_page_q;
  logic [36:0] written_high_bits_q, beside_high_bits_q;
  logic covered;
  assign covered = writes_q[1] && ((page_i ^ beside_page_q) & beside_high_bits_q) == 37'b0;
  always_comb begin
    assume (!compare_i || (reads_q[1] && page_i == word_page_q));
    assume (!write_i || (compare_i && !writes_q[0] && !covered));
    assume (!erase_i || (compare_i && !write_i));
    assume (!write_i || leaf_i.page_size <= gmmu_pkg::PageSize2m);
    assume (!(purge_i || purging_o) || !(read_i || compare_i));
    assume (!(purge_i && purging_o));
  end

  always_ff @(posedge clk_i) begin
    reads_q <= rst_ni ? {reads_q[0], read_i} : '0;
    writes_q <= rst_ni ? {writes_q[0], write_i} : '0;
    read_page_q <= read_page_i;
    word_page_q <= read_page_q;
    written_page_q <= page_i;
    beside_page_q <= written_page_q;
    written_high_bits_q <= ~gmmu_match_pkg::low_bits_of(leaf_i.page_size);
    beside_high_bits_q <= written_high_bits_q;
    if (rst_ni) begin
      assert ((match[Ways4k-1:0] & (match[Ways4k-1:0] - 1'b1)) == '0);
      // What matched is known in the cycle after.
      written_q <= written_q || writes_q[0];
      rewritten_q <= rewritten_q || (written_q && writes_q[0] && match[0]);
      cover (rewritten_q && match[Ways4k-1] && match[Ways-1]);
    end
  end

endmodule

bind gmmu_l2_tlb gmmu_l2_tlb_unique #(
  .Ways(Ways)
) u_unique (.*);
