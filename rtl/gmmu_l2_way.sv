// SPDX-License-Identifier: MIT
// One way of the L2 TLB: pages of one size, one entry a set.
//
// Promises: what a read finds is in a register in the second cycle after it, to be compared; in
// that cycle the entry may be written. What the compare says is in registers in the next one, in
// which an entry is erased. The set is a part of the page number, so it is known before the address
// space is. A read of a set beside its write finds nothing, and nothing free: what word it gets
// nobody knows.

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
  input  logic [3:0]       access_type_i,  // access_type_e
  input  logic             privileged_i,
  input  logic             strong_override_i,
  output logic             free_o,

  // What the last cycle's compare says.
  output logic             match_o,
  output logic             refuse_o,  // it matches, and does not allow the access
  output gmmu_pkg::leaf_t  leaf_o,  // of the entry, whether it matches or not

  input  logic            write_i,
  input  gmmu_pkg::leaf_t leaf_i,
  input  logic            displace_i,  // erase it if it matches
  input  logic            erase_i,  // erase it if it matches and refuses the access

  input  logic             clear_i,  // everything
  input  logic             purge_i,  // the entry, if the purge hits it
  input  gmmu_pkg::purge_t purge_op_i
);

  localparam int unsigned Width = 54 + 37 + gmmu_pkg::LeafBits;

  logic [Sets-1:0] valid_q;
  logic read_q, written_q, entry_valid_q, entry_free_q;
  logic [IndexBits-1:0] index_q, written_index_q, entry_index_q;
  logic [Width-1:0] word, entry_q;

  // The word that comes out of the memory.
  gmmu_ram #(
    .Depth(Sets),
    .Width(Width)
  ) u_ram (
    .clk_i,
    .read_i,
    .read_address_i(read_index_i),
    .read_data_o(word),
    .write_i,
    .write_address_i(entry_index_q),
    .write_data_i({space_i, page_i, leaf_i})
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_q <= 1'b0;
      written_q <= 1'b0;
    end else begin
      read_q <= read_i;
      written_q <= write_i;
    end
  end
  always_ff @(posedge clk_i) begin
    if (read_i) index_q <= read_index_i;
    if (write_i) written_index_q <= entry_index_q;
  end

  // The entry.
  gmmu_pkg::space_t entry_space;
  logic [36:0] entry_page;
  gmmu_pkg::leaf_t entry_leaf;
  always_ff @(posedge clk_i) begin
    entry_valid_q <= read_q && valid_q[index_q] && !(written_q && written_index_q == index_q);
    entry_free_q <= !valid_q[index_q];
    if (read_q) begin
      entry_index_q <= index_q;
      entry_q <= word;
    end
  end
  assign {entry_space, entry_page, entry_leaf} = entry_q;

  logic match, purged;
  logic [5:0] refusal;  // the tables tell why
  assign free_o = entry_free_q;
  always_comb begin
    match = 1'b0;
    if (compare_i && entry_page[36:Shift] == page_i[36:Shift]) begin
      match = entry_valid_q && entry_space == space_i;
    end
  end
  always_comb begin
    refusal = '0;
    if (match) begin
      refusal = gmmu_entry_pkg::refusal_of(entry_leaf.kind, entry_leaf.privilege,
                                           entry_leaf.read_only, entry_leaf.atomic_disable,
                                           access_type_i, privileged_i, strong_override_i);
    end
  end
  localparam logic [36:0] LowBits = gmmu_match_pkg::low_bits_of(PageSize);
  always_comb begin
    purged = 1'b0;
    if (purge_i) begin
      purged = gmmu_match_pkg::hits_space(purge_op_i, entry_space) &&
               gmmu_match_pkg::hits_region(purge_op_i, entry_page, LowBits);
    end
  end

  // What was compared. Another entry may be written in the cycle in which it is erased.
  logic match_q, refuse_q, erase_q;
  logic [IndexBits-1:0] compared_index_q;
  gmmu_pkg::leaf_t leaf_q;
  always_ff @(posedge clk_i) begin
    match_q <= match;
    refuse_q <= refusal[5];
    if (!rst_ni) erase_q <= 1'b0;
    else erase_q <= (erase_i && refusal[5]) || (displace_i && match) || purged;
  end
  always_ff @(posedge clk_i) begin
    if (compare_i || purge_i) begin
      compared_index_q <= entry_index_q;
      leaf_q <= entry_leaf;
    end
  end
  assign match_o = match_q;
  assign refuse_o = refuse_q;
  assign leaf_o = leaf_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      valid_q <= '0;
    end else begin
      if (erase_q) valid_q[compared_index_q] <= 1'b0;
      if (write_i) valid_q[entry_index_q] <= 1'b1;
    end
  end

endmodule
