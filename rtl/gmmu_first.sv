// SPDX-License-Identifier: MIT
// The first bit that is set, of a vector with any; none of one without.
//
// Not -x & x: that subtracts, and a carry chain of a few bits lies apart from the logic around it.

module gmmu_first #(
  parameter int unsigned N = 2
) (
  input  logic [N-1:0] bits_i,
  output logic [N-1:0] first_o  // one-hot, or 0
);

  logic [N-1:0] from_first;  // ones from it on
  always_comb begin
    from_first = bits_i;
    for (int s = 0; s < $clog2(N); s++) from_first = from_first | (from_first << (1 << s));
  end
  assign first_o = bits_i & ~(from_first << 1);

endmodule
