// SPDX-License-Identifier: MIT
// One way of the L2 TLB: pages of one size, one entry a set.
//
// Promises: what a read finds is compared in the next cycle; in that cycle the entry of the set
// that was read may be written, or erased if it matches. The set is a part of the page number, so
// it is known before the address space is. A read beside a write finds nothing that counts: it gets
// the old word, which may be one that was erased, and the set is valid by the next cycle.

module gmmu_l2_way #(
  parameter int unsigned Sets = 64,
  parameter int unsigned Shift = 0,  // of the page's number within the 4 KiB page's
  parameter logic [1:0] PageSize = gmmu_pkg::PageSize4k,
  localparam int unsigned IndexBits = $clog2(Sets)
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic                 read_i,
  input  logic [IndexBits-1:0] read_index_i,

  input  logic             compare_i,
  input  gmmu_pkg::space_t space_i,
  input  logic [36:0]      page_i,
  output logic             match_o,
  output logic             free_o,
  output gmmu_pkg::leaf_t  leaf_o,  // 0 unless it matches

  input  logic            write_i,
  input  gmmu_pkg::leaf_t leaf_i,
  input  logic            erase_i,

  input  logic             clear_i,  // everything
  input  logic             purge_i,  // the entry that was read, if the purge hits it
  input  gmmu_pkg::purge_t purge_op_i
);

  localparam int unsigned Width = 54 + 37 + gmmu_pkg::LeafBits;

  logic [Sets-1:0] valid_q;
  logic [IndexBits-1:0] index_q;
  logic [Width-1:0] word;
  gmmu_pkg::space_t entry_space;
  logic [36:0] entry_page;
  gmmu_pkg::leaf_t entry_leaf;

  gmmu_ram #(
    .Depth(Sets),
    .Width(Width)
  ) u_ram (
    .clk_i,
    .read_i,
    .read_address_i(read_index_i),
    .read_data_o(word),
    .write_i,
    .write_address_i(index_q),
    .write_data_i({space_i, page_i, leaf_i})
  );
  assign {entry_space, entry_page, entry_leaf} = word;

  logic valid, purged;
  assign valid = valid_q[index_q];
  assign free_o = !valid;
  always_comb begin
    match_o = 1'b0;
    if (compare_i && entry_page[36:Shift] == page_i[36:Shift]) begin
      match_o = valid && entry_space == space_i;
    end
  end
  assign leaf_o = match_o ? entry_leaf : '0;

  localparam logic [36:0] LowBits = gmmu_match_pkg::low_bits_of(PageSize);
  always_comb begin
    purged = 1'b0;
    if (purge_i) begin
      purged = gmmu_match_pkg::hits_space(purge_op_i, entry_space) &&
               gmmu_match_pkg::hits_region(purge_op_i, entry_page, LowBits);
    end
  end

  always_ff @(posedge clk_i) begin
    if (read_i) index_q <= read_index_i;
    if (!rst_ni || clear_i) valid_q <= '0;
    else if (write_i) valid_q[index_q] <= 1'b1;
    else if ((erase_i && match_o) || purged) valid_q[index_q] <= 1'b0;
  end

endmodule
