// SPDX-License-Identifier: MIT
// Directory entries that walks found, fully associative.
//
// Promises: a lookup gives, in the same cycle, the entry of the deepest level known for an address;
// no two entries hold the same level of an address; replacement is round robin. An insert in the
// cycle of a purge is lost.

module gmmu_pde_cache #(
  parameter int unsigned Entries = 16
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic                lookup_i,
  input  gmmu_pkg::space_t    lookup_space_i,
  input  logic [36:0]         lookup_page_i,
  output logic                match_o,
  output logic [2:0]          level_o,  // level_e
  output gmmu_pkg::tables_t   tables_o,

  input  logic                insert_i,
  input  gmmu_pkg::space_t    insert_space_i,
  input  logic [36:0]         insert_page_i,
  input  logic [2:0]          insert_level_i,  // level_e
  input  gmmu_pkg::tables_t   insert_tables_i,

  input  logic             purge_i,
  input  gmmu_pkg::purge_t purge_op_i
);

  localparam int unsigned IndexBits = Entries > 1 ? $clog2(Entries) : 1;
  localparam logic [Entries-1:0] One = {{Entries - 1{1'b0}}, 1'b1};

  logic [Entries-1:0] valid_q, turn_q;
  logic [53:0] space_q[Entries];
  logic [36:0] page_q[Entries];
  logic [36:0] high_bits_q[Entries];  // of the page number, above those that the entry covers
  logic [2:0] level_q[Entries];
  logic [gmmu_pkg::TablesBits-1:0] tables_q[Entries];

  // A PDE0 is deeper than a PDE1, and so on.
  logic [Entries-1:0] match, match_pde0, match_pde1, match_pde2, match_pde3, deepest;
  always_comb begin
    match = '0;
    match_pde0 = '0;
    match_pde1 = '0;
    match_pde2 = '0;
    match_pde3 = '0;
    if (lookup_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        if (((page_q[i] ^ lookup_page_i) & high_bits_q[i]) == 37'b0) begin
          match[i] = valid_q[i] && space_q[i] == lookup_space_i;
          match_pde0[i] = match[i] && level_q[i] == gmmu_pkg::LevelPde0;
          match_pde1[i] = match[i] && level_q[i] == gmmu_pkg::LevelPde1;
          match_pde2[i] = match[i] && level_q[i] == gmmu_pkg::LevelPde2;
          match_pde3[i] = match[i] && level_q[i] == gmmu_pkg::LevelPde3;
        end
      end
    end
  end

  assign match_o = |match;
  always_comb begin
    if (|match_pde0) begin
      deepest = match_pde0;
      level_o = gmmu_pkg::LevelPde0;
    end else if (|match_pde1) begin
      deepest = match_pde1;
      level_o = gmmu_pkg::LevelPde1;
    end else if (|match_pde2) begin
      deepest = match_pde2;
      level_o = gmmu_pkg::LevelPde2;
    end else begin
      deepest = match_pde3;
      level_o = gmmu_pkg::LevelPde3;
    end
  end
  always_comb begin
    tables_o = '0;
    if (lookup_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        if (deepest[i]) tables_o = tables_o | tables_q[i];
      end
    end
  end

  // Written over itself if it is known already.
  logic [36:0] insert_low_bits;
  logic [Entries-1:0] itself, into, purged;
  always_comb begin
    case (insert_level_i)
      gmmu_pkg::LevelPde0: insert_low_bits = {28'b0, {9{1'b1}}};
      gmmu_pkg::LevelPde1: insert_low_bits = {20'b0, {17{1'b1}}};
      gmmu_pkg::LevelPde2: insert_low_bits = {11'b0, {26{1'b1}}};
      default: insert_low_bits = {2'b0, {35{1'b1}}};
    endcase
  end
  always_comb begin
    itself = '0;
    if (insert_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        itself[i] = valid_q[i] && level_q[i] == insert_level_i && space_q[i] == insert_space_i &&
                    ((page_q[i] ^ insert_page_i) & ~insert_low_bits) == 37'b0;
      end
    end
    into = |itself ? itself : turn_q;
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
    end else if (insert_i) begin
      valid_q <= valid_q | into;
      if (itself == '0) turn_q <= {turn_q[Entries-2:0], turn_q[Entries-1]};
    end
  end
  logic [IndexBits-1:0] into_index;
  gmmu_encoder #(
    .N(Entries)
  ) u_into_index (
    .one_hot_i(into),
    .index_o(into_index)
  );
  always_ff @(posedge clk_i) begin
    if (insert_i && !purge_i) begin
      space_q[into_index] <= insert_space_i;
      page_q[into_index] <= insert_page_i;
      high_bits_q[into_index] <= ~insert_low_bits;
      level_q[into_index] <= insert_level_i;
      tables_q[into_index] <= insert_tables_i;
    end
  end

endmodule
