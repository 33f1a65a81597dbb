// SPDX-License-Identifier: MIT
// Two entries of one address space do not overlap; those said to be of the space of lookups are.
//
// What gmmu_utlb_store_unique proves by induction of any address, said of a pair without one: with
// it the solver finds its way through the proof of the whole TLB.

module gmmu_utlb_store_pair (
  input logic clk_i,
  input logic rst_ni,
  input logic learn_i,
  input gmmu_pkg::space_t learn_space_i,
  input logic [1:0]       valid_q,
  input logic [1:0][53:0] spaces,
  input logic [1:0][36:0] pages,
  input logic [1:0][36:0] high_bits,
  input logic [1:0]       in_space_q
);

  logic [53:0] learned_q;
  always_ff @(posedge clk_i) begin
    if (learn_i) learned_q <= learn_space_i;
    if (rst_ni) begin
      assert (!(valid_q == '1 && spaces[0] == spaces[1] &&
                ((pages[0] ^ pages[1]) & high_bits[0] & high_bits[1]) == '0));
      assert (!(valid_q[0] && in_space_q[0]) || spaces[0] == learned_q);
      assert (!(valid_q[1] && in_space_q[1]) || spaces[1] == learned_q);
    end
  end

endmodule

bind gmmu_utlb_store gmmu_utlb_store_pair u_pair (
  .clk_i,
  .rst_ni,
  .learn_i,
  .learn_space_i,
  .valid_q,
  .spaces({space_q[1], space_q[0]}),
  .pages({page_q[1], page_q[0]}),
  .high_bits({high_bits_q[1], high_bits_q[0]}),
  .in_space_q
);
