// SPDX-License-Identifier: MIT
// The entries of a first-level TLB, fully associative.
//
// Promises: a lookup is answered from the next cycle, as long as it is held, by an entry that was
// valid and has not been replaced since (who must not use one that was dropped since, looks it up
// again); no two entries match one address, because a fill drops whatever overlaps it; an entry
// that is replaced has not been hit for the longest time, give or take its turn (not recently
// used).
//
// Lookups are in the address space that was learned last. Which entries are of it is known when
// they come: it costs a bit an entry, not a compare of the whole name.

module gmmu_utlb_store #(
  parameter int unsigned Entries = 16
) (
  input  logic clk_i,
  input  logic rst_ni,

  // While a lookup may come, it is looked at; whether it comes is known too late to matter here.
  input  logic             look_i,
  input  logic             hold_i,  // the last answer is needed on
  input  logic [36:0]      lookup_page_i,
  input  logic [3:0]       lookup_access_type_i,  // access_type_e
  input  logic             lookup_privileged_i,
  input  logic             strong_override_i,
  output logic             match_o,
  output logic             allowed_o,  // it matches, and allows the access
  output gmmu_pkg::leaf_t  leaf_o,
  // What becomes of the entry that matches: it served, or it is of no use any more.
  input  logic             touch_i,
  input  logic             erase_i,

  input  logic             learn_i,
  input  gmmu_pkg::space_t learn_space_i,
  input  logic             fill_i,  // an entry of the space that is learned with it
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

  logic [Entries-1:0] in_space_q;  // of the space that was learned last
  logic [Entries-1:0] known, match, allowed, match_q, allowed_q;
  logic [Entries-1:0] same_space, overlap, purged, victim;
  gmmu_pkg::leaf_t compared;
  logic [5:0] refusal;

  // The first cycle: the page is compared, and beside it what each entry allows.
  assign known = valid_q & in_space_q;
  always_comb begin
    match = '0;
    allowed = '0;
    compared = '0;
    refusal = '0;
    if (look_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        if (known[i] && ((page_q[i] ^ lookup_page_i) & high_bits_q[i]) == 37'b0) begin
          compared = leaf_q[i];
          refusal = gmmu_entry_pkg::refusal_of(compared.kind, compared.privilege,
                                               compared.read_only, compared.atomic_disable,
                                               lookup_access_type_i, lookup_privileged_i,
                                               strong_override_i);
          match[i] = 1'b1;
          allowed[i] = !refusal[5];
        end
      end
    end
  end
  always_ff @(posedge clk_i) begin
    match_q <= (hold_i ? match_q : match) & ~victim;
    allowed_q <= (hold_i ? allowed_q : allowed) & ~victim;
  end

  // The second.
  assign match_o = |match_q;
  assign allowed_o = |allowed_q;
  always_comb begin
    leaf_o = '0;
    for (int unsigned i = 0; i < Entries; i++) begin
      if (match_q[i]) leaf_o = leaf_o | leaf_q[i];
    end
  end

  logic [36:0] fill_low_bits, fill_high_bits;
  assign fill_low_bits = gmmu_match_pkg::low_bits_of(fill_leaf_i.page_size);
  assign fill_high_bits = ~fill_low_bits;

  always_comb begin
    same_space = '0;
    overlap = '0;
    if (learn_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        same_space[i] = space_q[i] == learn_space_i;
        overlap[i] = fill_i && same_space[i] &&
                     ((page_q[i] ^ fill_page_i) & high_bits_q[i] & fill_high_bits) == 37'b0;
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

  // Once all had been used, those count that are used now; if these are all too, none does.
  function automatic logic [Entries-1:0] counting(input logic [Entries-1:0] now,
                                                  input logic [Entries-1:0] last);
    logic [Entries-1:0] fresh;
    fresh = now & ~last;
    counting = !(&now) ? now : &fresh ? '0 : fresh;
  endfunction

  // What was hit counts as used a cycle later, and what is of no use goes a cycle later, so that
  // the answer need not wait for this. They are never all used: so there is always a victim.
  logic [Entries-1:0] valid_d, used_d, touched_q, erased_q;
  always_comb begin
    valid_d = valid_q & ~overlap & ~purged;
    valid_d = (valid_d & ~erased_q) | victim;
  end
  assign used_d = counting(used_q | touched_q | victim, used_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      used_q <= '0;
      touched_q <= '0;
      erased_q <= '0;
    end else begin
      valid_q <= valid_d;
      used_q <= used_d;
      touched_q <= touch_i ? match_q : '0;
      erased_q <= erase_i ? match_q & ~victim : '0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (learn_i) in_space_q <= same_space | victim;
  end

  // The victim of the next fill, chosen a cycle before: a free entry if there is one, else the
  // first that was not used since all had been. What becomes free in that cycle is not seen yet.
  logic [Entries-1:0] occupied, candidates, next_victim, next_victim_q;
  assign occupied = valid_q | victim;
  assign candidates = &occupied ? ~used_d : ~occupied;
  gmmu_first #(
    .N(Entries)
  ) u_next_victim (
    .bits_i(candidates),
    .first_o(next_victim)
  );
  always_ff @(posedge clk_i) next_victim_q <= rst_ni ? next_victim : One;
  assign victim = fill_i ? next_victim_q : '0;

  logic [IndexBits-1:0] victim_index;
  gmmu_encoder #(
    .N(Entries)
  ) u_victim (
    .one_hot_i(next_victim_q),
    .index_o(victim_index)
  );
  always_ff @(posedge clk_i) begin
    if (fill_i) begin
      space_q[victim_index] <= learn_space_i;
      page_q[victim_index] <= fill_page_i;
      leaf_q[victim_index] <= fill_leaf_i;
      high_bits_q[victim_index] <= fill_high_bits;
    end
  end

endmodule
