// SPDX-License-Identifier: MIT
// No two entries of a first-level TLB match one address, and who answers a lookup was one of those
// that match, as long as it has not been replaced.
//
// Proved for one address space and page that never change, but may be any. Assumed: the hub gives
// leaves of the three page sizes; a fill learns its address space, as gmmu_utlb has it.

module gmmu_utlb_store_unique (
  input logic clk_i,
  input logic rst_ni,
  input logic hold_i,
  input logic [36:0] lookup_page_i,
  input logic learn_i,
  input gmmu_pkg::space_t learn_space_i,
  input logic fill_i,
  input gmmu_pkg::leaf_t fill_leaf_i,
  input logic [3:0]       valid_q,
  input logic [3:0]       used_q,
  input logic [3:0][53:0] spaces,
  input logic [3:0][36:0] pages,
  input logic [3:0][36:0] high_bits,
  input logic [3:0]       in_space_q,
  input logic [3:0]       match_q,
  input logic [3:0]       allowed_q
);

  (* anyconst *) logic [53:0] space;
  (* anyconst *) logic [36:0] page;

  logic [3:0] match;
  for (genvar i = 0; i < 4; i++) begin : gen_match
    assign match[i] = valid_q[i] && spaces[i] == space && ((pages[i] ^ page) & high_bits[i]) == '0;
  end

  // The space of lookups, and what was looked up last.
  logic [53:0] learned_q, looked_space_q;
  logic [36:0] looked_page_q;
  logic looked_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (learn_i) learned_q <= learn_space_i;
    if (!hold_i) begin
      looked_space_q <= learned_q;
      looked_page_q <= lookup_page_i;
    end
    looked_q <= rst_ni && (looked_q || !hold_i);
  end
  for (genvar i = 0; i < 4; i++) begin : gen_answer
    always_ff @(posedge clk_i) begin
      if (rst_ni) begin
        assert (!(valid_q[i] && in_space_q[i]) || spaces[i] == learned_q);
        assert (!(looked_q && match_q[i]) ||
                (spaces[i] == looked_space_q &&
                 ((pages[i] ^ looked_page_q) & high_bits[i]) == '0));
        assert (!(looked_q && allowed_q[i]) || match_q[i]);
      end
    end
  end

  logic matched_q = 1'b0, refilled_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assume (!fill_i || fill_leaf_i.page_size <= gmmu_pkg::PageSize2m);
      assume (!fill_i || learn_i);
      assert (used_q != '1);
      assert ((match & (match - 4'd1)) == '0);
      if (looked_q && looked_page_q == page && looked_space_q == space)
        assert ((match_q & (match_q - 4'd1)) == '0);
      matched_q <= matched_q || (match != '0 && valid_q == '1);
      refilled_q <= refilled_q || (matched_q && match == '0);
      cover (refilled_q && match != '0 && match_q == match);
    end
  end

endmodule

bind gmmu_utlb_store gmmu_utlb_store_unique u_unique (
  .clk_i,
  .rst_ni,
  .hold_i,
  .lookup_page_i,
  .learn_i,
  .learn_space_i,
  .fill_i,
  .fill_leaf_i,
  .valid_q,
  .used_q,
  .spaces({space_q[3], space_q[2], space_q[1], space_q[0]}),
  .pages({page_q[3], page_q[2], page_q[1], page_q[0]}),
  .high_bits({high_bits_q[3], high_bits_q[2], high_bits_q[1], high_bits_q[0]}),
  .in_space_q,
  .match_q,
  .allowed_q
);
