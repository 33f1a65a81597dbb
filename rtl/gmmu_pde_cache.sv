// SPDX-License-Identifier: MIT
// Directory entries that walks found, fully associative.
//
// Promises: a lookup gives, in the next cycle, the entry of the deepest level known for an address,
// unless that is being replaced; no two entries hold the same level of an address; replacement is
// round robin. An insert is made a cycle later, and lost if that is the cycle of a purge.

module gmmu_pde_cache #(
  parameter int unsigned Entries = 16
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic                lookup_i,
  input  gmmu_pkg::space_t    lookup_space_i,
  input  logic [36:0]         lookup_page_i,
  output logic                match_o,
  output gmmu_pkg::descent_t  descent_o,

  input  logic                insert_i,
  input  gmmu_pkg::space_t    insert_space_i,
  input  logic [36:0]         insert_page_i,
  input  logic [2:0]          insert_level_i,  // level_e
  input  gmmu_pkg::descent_t  insert_descent_i,

  input  logic             purge_i,
  input  gmmu_pkg::purge_t purge_op_i
);

  localparam logic [Entries-1:0] One = {{Entries - 1{1'b0}}, 1'b1};

  logic [Entries-1:0] valid_q, turn_q;
  logic [53:0] space_q[Entries];
  logic [36:0] page_q[Entries];
  logic [36:0] high_bits_q[Entries];  // of the page number, above those that the entry covers
  logic [2:0] level_q[Entries];
  logic [gmmu_pkg::DescentBits-1:0] descent_q[Entries];

  // The deepest that matches: no other that does has a lower level. Levels are compared beside the
  // pages.
  logic [Entries-1:0] match, outdone, deepest;
  always_comb begin
    match = '0;
    outdone = '0;
    if (lookup_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        if (valid_q[i] && ((page_q[i] ^ lookup_page_i) & high_bits_q[i]) == 37'b0) begin
          match[i] = space_q[i] == lookup_space_i;
        end
      end
      for (int unsigned i = 0; i < Entries; i++) begin
        if (match[i]) begin
          for (int unsigned other = 0; other < Entries; other++) begin
            if (level_q[other] > level_q[i]) outdone[other] = 1'b1;
          end
        end
      end
    end
  end
  assign deepest = match & ~outdone;

  // The choice is in a register before the entries are read by it.
  logic [Entries-1:0] deepest_q, into;
  logic insert_q;
  always_ff @(posedge clk_i) deepest_q <= insert_q ? deepest & ~into : deepest;
  assign match_o = |deepest_q;
  always_comb begin
    descent_o = '0;
    for (int unsigned i = 0; i < Entries; i++) begin
      if (deepest_q[i]) descent_o = descent_o | descent_q[i];
    end
  end

  // What a walk found comes late in its cycle.
  gmmu_pkg::space_t insert_space_q;
  logic [36:0] insert_page_q;
  logic [2:0] insert_level_q;
  gmmu_pkg::descent_t insert_descent_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) insert_q <= 1'b0;
    else insert_q <= insert_i;
  end
  always_ff @(posedge clk_i) begin
    if (insert_i) begin
      insert_space_q <= insert_space_i;
      insert_page_q <= insert_page_i;
      insert_level_q <= insert_level_i;
      insert_descent_q <= insert_descent_i;
    end
  end

  // Where it is written does not wait for the compare: if it is known already, that entry goes.
  logic [36:0] insert_low_bits;
  logic [Entries-1:0] itself, purged, first_free;
  gmmu_first #(
    .N(Entries)
  ) u_first_free (
    .bits_i(~valid_q),
    .first_o(first_free)
  );
  always_comb begin
    case (insert_level_q)
      gmmu_pkg::LevelPde0: insert_low_bits = {28'b0, {9{1'b1}}};
      gmmu_pkg::LevelPde1: insert_low_bits = {20'b0, {17{1'b1}}};
      gmmu_pkg::LevelPde2: insert_low_bits = {11'b0, {26{1'b1}}};
      default: insert_low_bits = {2'b0, {35{1'b1}}};
    endcase
  end
  always_comb begin
    itself = '0;
    if (insert_q) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        itself[i] = valid_q[i] && level_q[i] == insert_level_q && space_q[i] == insert_space_q &&
                    ((page_q[i] ^ insert_page_q) & ~insert_low_bits) == 37'b0;
      end
    end
    into = &valid_q ? turn_q : first_free;
  end

  always_comb begin
    purged = '0;
    if (purge_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        purged[i] = level_q[i] <= purge_op_i.directories &&
                    gmmu_match_pkg::hits_space(purge_op_i, space_q[i]) &&
                    gmmu_match_pkg::hits_region(purge_op_i, page_q[i], ~high_bits_q[i]);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      turn_q <= One;
    end else if (purge_i) begin
      valid_q <= valid_q & ~purged;
    end else if (insert_q) begin
      valid_q <= (valid_q & ~itself) | into;
      if (&valid_q) turn_q <= {turn_q[Entries-2:0], turn_q[Entries-1]};
    end
  end
  always_ff @(posedge clk_i) begin
    if (insert_q && !purge_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        if (into[i]) begin
          space_q[i] <= insert_space_q;
          page_q[i] <= insert_page_q;
          high_bits_q[i] <= ~insert_low_bits;
          level_q[i] <= insert_level_q;
          descent_q[i] <= insert_descent_q;
        end
      end
    end
  end

endmodule
