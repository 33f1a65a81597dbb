// SPDX-License-Identifier: MIT
// The entries of a first-level TLB, fully associative.
//
// Promises: a lookup is answered in the same cycle; no two entries match one address, because a
// fill drops whatever overlaps it; an entry that is replaced has not been hit for the longest
// time, give or take its turn (not recently used).

module gmmu_utlb_store #(
  parameter int unsigned Entries = 16
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic             lookup_i,
  input  gmmu_pkg::space_t lookup_space_i,
  input  logic [36:0]      lookup_page_i,
  output logic             match_o,
  output gmmu_pkg::leaf_t  leaf_o,
  // What becomes of the entry that matches: it served, or it is of no use any more.
  input  logic             touch_i,
  input  logic             erase_i,

  input  logic             fill_i,
  input  gmmu_pkg::space_t fill_space_i,
  input  logic [36:0]      fill_page_i,
  input  gmmu_pkg::leaf_t  fill_leaf_i,

  input  logic             purge_i,
  input  gmmu_pkg::purge_t purge_op_i
);

  localparam int unsigned IndexBits = Entries > 1 ? $clog2(Entries) : 1;
  localparam logic [Entries-1:0] One = {{Entries - 1{1'b0}}, 1'b1};

  logic [Entries-1:0] valid_q, used_q;
  logic [53:0] space_q[Entries];
  logic [36:0] page_q[Entries];
  logic [gmmu_pkg::LeafBits-1:0] leaf_q[Entries];
  logic [36:0] high_bits_q[Entries];  // of the page number, above those that the page covers

  logic [Entries-1:0] match, overlap, purged;

  always_comb begin
    match = '0;
    leaf_o = '0;
    if (lookup_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        if (((page_q[i] ^ lookup_page_i) & high_bits_q[i]) == 37'b0) begin
          match[i] = valid_q[i] && space_q[i] == lookup_space_i;
          if (match[i]) leaf_o = leaf_o | leaf_q[i];
        end
      end
    end
  end
  assign match_o = |match;

  logic [36:0] fill_low_bits, fill_high_bits;
  assign fill_low_bits = gmmu_match_pkg::low_bits_of(fill_leaf_i.page_size);
  assign fill_high_bits = ~fill_low_bits;

  always_comb begin
    overlap = '0;
    if (fill_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        overlap[i] = ((page_q[i] ^ fill_page_i) & high_bits_q[i] & fill_high_bits) == 37'b0 &&
                     space_q[i] == fill_space_i;
      end
    end
  end

  always_comb begin
    purged = '0;
    if (purge_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        purged[i] = gmmu_match_pkg::hits_space(purge_op_i, space_q[i]) &&
                    gmmu_match_pkg::hits_region(purge_op_i, page_q[i], ~high_bits_q[i]);
      end
    end
  end

  // The victim of a fill: a free entry if there is one, else the first that was not used since all
  // had been.
  logic [Entries-1:0] candidates, victim;
  always_comb begin
    candidates = '0;
    if (fill_i) candidates = &valid_q ? ~used_q : ~valid_q;
    victim = candidates & (~candidates + One);
  end

  logic [Entries-1:0] valid_d, used_d, used;
  always_comb begin
    valid_d = valid_q & ~overlap & ~purged;
    if (erase_i) valid_d = valid_d & ~match;
    if (fill_i) valid_d = valid_d | victim;
    used = used_q;
    if (touch_i) used = used | match;
    if (fill_i) used = used | victim;
    used_d = &used ? (used & ~used_q) : used;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      used_q <= '0;
    end else begin
      valid_q <= valid_d;
      used_q <= used_d;
    end
  end

  logic [IndexBits-1:0] victim_index;
  gmmu_encoder #(
    .N(Entries)
  ) u_victim (
    .one_hot_i(victim),
    .index_o(victim_index)
  );
  always_ff @(posedge clk_i) begin
    if (fill_i) begin
      space_q[victim_index] <= fill_space_i;
      page_q[victim_index] <= fill_page_i;
      leaf_q[victim_index] <= fill_leaf_i;
      high_bits_q[victim_index] <= fill_high_bits;
    end
  end

endmodule
