// SPDX-License-Identifier: MIT
// The L2 TLB behind all first-level TLBs.
//
// Half of the ways hold 4 KiB pages, a quarter 64 KiB and a quarter 2 MiB: all sizes are looked up
// at once, each with its own part of the address. Where stale entries of several sizes overlap, the
// smallest page wins.
//
// Promises: a lookup a cycle. A read is compared in the second cycle after it, with the space and
// the page that its user then names, and answered in the third; the user may in that second cycle
// write the page, or erase entries that refuse the access. A read does not know what is written in
// the cycle after it, nor what is erased then or beside it, and finds nothing where it is written
// beside it. So no two entries of one size match an address, if between the read of a page and its
// write nothing is written, and beside that read no page that covers it. A purge takes one cycle if
// it is of everything, else a cycle a set and two more, in which there must be no reads.

module gmmu_l2_tlb #(
  parameter int unsigned Sets = 64,
  parameter int unsigned Ways = 8
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic        read_i,
  input  logic [36:0] read_page_i,

  input  logic             compare_i,
  input  gmmu_pkg::space_t space_i,
  input  logic [36:0]      page_i,
  input  logic [3:0]       access_type_i,  // access_type_e
  input  logic             privileged_i,
  input  logic             strong_override_i,

  // Of the last cycle's compare.
  output logic            serve_o,  // a page matches, and all that do allow the access
  output gmmu_pkg::leaf_t leaf_o,

  input  logic            write_i,
  input  gmmu_pkg::leaf_t leaf_i,
  input  logic            erase_i,  // what matches and refuses the access

  input  logic             purge_i,  // pulse
  input  gmmu_pkg::purge_t purge_op_i,  // stays until the end
  output logic             purging_o
);

  localparam int unsigned IndexBits = $clog2(Sets);
  localparam int unsigned Ways4k = Ways / 2;
  localparam int unsigned Ways64k = Ways / 4;
  localparam int unsigned Ways2m = Ways - Ways4k - Ways64k;
  localparam logic [Ways-1:0] Is4k = {{Ways - Ways4k{1'b0}}, {Ways4k{1'b1}}};
  localparam logic [Ways-1:0] Is64k = {{Ways2m{1'b0}}, {Ways64k{1'b1}}, {Ways4k{1'b0}}};
  localparam logic [Ways-1:0] One = {{Ways - 1{1'b0}}, 1'b1};

  // A purge reads each set, and compares it in the second cycle after.
  logic scanning_q, scanned_q, compares_q, clear;
  logic [IndexBits-1:0] scan_index_q;
  assign clear = purge_i && purge_op_i.any_space && purge_op_i.va_mask == '0;
  assign purging_o = scanning_q || scanned_q || compares_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      scanning_q <= 1'b0;
      scanned_q <= 1'b0;
      compares_q <= 1'b0;
      scan_index_q <= '0;
    end else begin
      if (purge_i && !clear) scanning_q <= 1'b1;
      else if (&scan_index_q) scanning_q <= 1'b0;
      if (scanning_q) scan_index_q <= scan_index_q + IndexBits'(1);
      scanned_q <= scanning_q;
      compares_q <= scanned_q;
    end
  end

  logic [Ways-1:0] match, refuses, is_free, write_way, displaced;
  logic [gmmu_pkg::LeafBits-1:0] leaf[Ways];

  for (genvar w = 0; w < Ways; w++) begin : gen_way
    localparam logic [1:0] PageSize = w < Ways4k ? gmmu_pkg::PageSize4k
        : w < Ways4k + Ways64k ? gmmu_pkg::PageSize64k : gmmu_pkg::PageSize2m;
    localparam int unsigned Shift = w < Ways4k ? 0 : w < Ways4k + Ways64k ? 4 : 9;
    gmmu_l2_way #(
      .Sets(Sets),
      .Shift(Shift),
      .PageSize(PageSize)
    ) u_way (
      .clk_i,
      .rst_ni,
      .read_i(read_i || scanning_q),
      .read_index_i(scanning_q ? scan_index_q : read_page_i[Shift+:IndexBits]),
      .compare_i,
      .space_i,
      .page_i,
      .access_type_i,
      .privileged_i,
      .strong_override_i,
      .free_o(is_free[w]),
      .match_o(match[w]),
      .refuse_o(refuses[w]),
      .leaf_o(leaf[w]),
      .write_i(write_way[w]),
      .displace_i(displaced[w]),
      .leaf_i,
      .erase_i,
      .clear_i(clear),
      .purge_i(compares_q),
      .purge_op_i
    );
  end

  // The smallest page that matches.
  logic [Ways-1:0] best;
  always_comb begin
    if (|(match & Is4k)) best = match & Is4k;
    else if (|(match & Is64k)) best = match & Is64k;
    else best = match;
  end
  assign serve_o = |match && refuses == '0;
  always_comb begin
    leaf_o = '0;
    for (int unsigned w = 0; w < Ways; w++) begin
      if (best[w]) leaf_o = leaf_o | leaf[w];
    end
  end

  // Where a page is written: into a free way of its size, else in turn. That does not wait for the
  // compare: where it is already it goes, and so does whatever else matches it.
  localparam logic [Ways-1:0] Firsts = One | One << Ways4k | One << (Ways4k + Ways64k);
  logic [Ways-1:0] group, first_unused, in_turn, next_turn, turn_q;
  gmmu_first #(
    .N(Ways)
  ) u_first_unused (
    .bits_i(is_free & group),
    .first_o(first_unused)
  );
  always_comb begin
    case (leaf_i.page_size)
      gmmu_pkg::PageSize4k: group = Is4k;
      gmmu_pkg::PageSize64k: group = Is64k;
      default: group = ~(Is4k | Is64k);
    endcase
  end
  always_comb begin
    in_turn = turn_q & group;
    next_turn = (in_turn << 1) & group;
    if (!write_i) write_way = '0;
    else write_way = |first_unused ? first_unused : in_turn;
    displaced = write_i ? ~write_way : '0;
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) turn_q <= Firsts;
    else if (write_i && first_unused == '0)
      turn_q <= (turn_q & ~group) | (|next_turn ? next_turn : group & Firsts);
  end

endmodule
