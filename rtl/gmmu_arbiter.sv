// SPDX-License-Identifier: MIT
// Round robin: whoever waits is served after at most N - 1 others. A choice once offered stays
// until it is taken.

module gmmu_arbiter #(
  parameter int unsigned N = 2,
  localparam int unsigned IndexBits = N > 1 ? $clog2(N) : 1
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic [N-1:0]         valid_i,
  input  logic                 ready_i,
  output logic                 valid_o,
  output logic [N-1:0]         grant_o,  // one-hot, or 0
  output logic [IndexBits-1:0] index_o
);

  logic [N-1:0] after_last_q;  // ones behind the last that was served
  logic [N-1:0] locked_q;

  // The first behind the last, and the first of all, beside each other.
  logic [N-1:0] later, first_later, first, choice, from_grant;
  assign later = valid_i & after_last_q;
  gmmu_first #(
    .N(N)
  ) u_first_later (
    .bits_i(later),
    .first_o(first_later)
  );
  gmmu_first #(
    .N(N)
  ) u_first (
    .bits_i(valid_i),
    .first_o(first)
  );
  assign choice = |later ? first_later : first;

  assign grant_o = |locked_q ? locked_q : choice;
  assign valid_o = |valid_i;

  gmmu_encoder #(
    .N(N)
  ) u_index (
    .one_hot_i(grant_o),
    .index_o
  );

  always_comb begin
    from_grant = grant_o;
    for (int s = 0; s < $clog2(N); s++) from_grant = from_grant | (from_grant << (1 << s));
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      after_last_q <= '0;
      locked_q <= '0;
    end else if (valid_o) begin
      locked_q <= ready_i ? '0 : grant_o;
      if (ready_i) after_last_q <= from_grant << 1;
    end
  end

endmodule
