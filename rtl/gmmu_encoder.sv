// SPDX-License-Identifier: MIT
// The number of the bit that is set, of a vector with one bit set; 0 of one with none.

module gmmu_encoder #(
  parameter int unsigned N = 2,
  localparam int unsigned IndexBits = N > 1 ? $clog2(N) : 1
) (
  input  logic [N-1:0]         one_hot_i,
  output logic [IndexBits-1:0] index_o
);

  for (genvar b = 0; b < IndexBits; b++) begin : gen_bit
    logic [N-1:0] numbers;  // those with this bit
    for (genvar i = 0; i < N; i++) begin : gen_number
      assign numbers[i] = ((i >> b) % 2) != 0;
    end
    assign index_o[b] = |(one_hot_i & numbers);
  end

endmodule
