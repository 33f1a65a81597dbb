// SPDX-License-Identifier: MIT
// No two entries of a first-level TLB match one address.
//
// Proved for one address space and page that never change, but may be any. Assumed: the hub gives
// leaves of the three page sizes.

module gmmu_utlb_store_unique (
  input logic clk_i,
  input logic rst_ni,
  input logic fill_i,
  input gmmu_pkg::leaf_t fill_leaf_i,
  input logic [3:0]       valid_q,
  input logic [3:0][53:0] spaces,
  input logic [3:0][36:0] pages,
  input logic [3:0][36:0] high_bits
);

  (* anyconst *) logic [53:0] space;
  (* anyconst *) logic [36:0] page;

  logic [3:0] match;
  for (genvar i = 0; i < 4; i++) begin : gen_match
    assign match[i] = valid_q[i] && spaces[i] == space && ((pages[i] ^ page) & high_bits[i]) == '0;
  end

  logic matched_q = 1'b0, refilled_q = 1'b0;
  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      assume (!fill_i || fill_leaf_i.page_size <= gmmu_pkg::PageSize2m);
      assert ((match & (match - 4'd1)) == '0);
      matched_q <= matched_q || (match != '0 && valid_q == '1);
      refilled_q <= refilled_q || (matched_q && match == '0);
      cover (refilled_q && match != '0);
    end
  end

endmodule

bind gmmu_utlb_store gmmu_utlb_store_unique u_unique (
  .clk_i,
  .rst_ni,
  .fill_i,
  .fill_leaf_i,
  .valid_q,
  .spaces({space_q[3], space_q[2], space_q[1], space_q[0]}),
  .pages({page_q[3], page_q[2], page_q[1], page_q[0]}),
  .high_bits({high_bits_q[3], high_bits_q[2], high_bits_q[1], high_bits_q[0]})
);
