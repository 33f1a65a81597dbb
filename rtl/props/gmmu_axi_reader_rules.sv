// SPDX-License-Identifier: MIT
// The AXI4 rules of reads: an address that is offered stays, an id has one read in flight, and its
// data goes to the reader that asked.
//
// Assumed: a reader keeps to the channel rule, asks for aligned addresses, and not again before it
// has its data. The memory answers only what it was asked, with one beat.

module gmmu_axi_reader_rules (
  input logic clk_i,
  input logic rst_ni,
  input logic [2:0] fetch_valid_i,
  input logic [2:0] fetch_ready_o,
  input logic [2:0][gmmu_pkg::FetchBits-1:0] fetch_i,
  input logic [2:0] data_valid_o,
  input logic arvalid_o,
  input logic arready_i,
  input logic [gmmu_pkg::AxiIdBits-1:0] arid_o,
  input logic [63:0] araddr_o,
  input logic [7:0] arlen_o,
  input logic [2:0] arsize_o,
  input logic [1:0] arburst_o,
  input logic [1:0] aruser_o,
  input logic rvalid_i,
  input logic rready_o,
  input logic [gmmu_pkg::AxiIdBits-1:0] rid_i,
  input logic rlast_i
);

  localparam logic [2:0] Size16Bytes = 3'd4;
  localparam logic [1:0] BurstIncr = 2'b01;

  // What the memory owes to an id, and what a reader waits for.
  logic [15:0] owed_q = '0;
  logic [2:0] waits_q = '0;
  logic reordered_q = 1'b0;
  always_comb begin
    assume ((fetch_valid_i & waits_q) == '0);
    for (int unsigned r = 0; r < 3; r++) assume (fetch_i[r][3:0] == 4'b0);
    assume (!rvalid_i || (owed_q[rid_i] && rlast_i));
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      if (arvalid_o && arready_i) owed_q[arid_o] <= 1'b1;
      if (rvalid_i && rready_o) owed_q[rid_i] <= 1'b0;
      waits_q <= (waits_q | (fetch_valid_i & fetch_ready_o)) & ~data_valid_o;

      assert (owed_q == {13'b0, waits_q});
      assert (rready_o);
      if (arvalid_o) begin
        assert (arid_o < 4'd3 && fetch_valid_i[arid_o[1:0]]);
        assert ({aruser_o, araddr_o} == fetch_i[arid_o[1:0]]);
        assert (araddr_o[3:0] == '0 && arlen_o == '0);
        assert (arsize_o == Size16Bytes && arburst_o == BurstIncr);
        assert (!owed_q[arid_o]);
      end
      assert ((data_valid_o & ~waits_q) == '0);
      assert ((data_valid_o != '0) == rvalid_i);

      reordered_q <= reordered_q || (owed_q[2:0] == 3'b111 && rvalid_i);
      cover (reordered_q && owed_q == '0);
    end
  end

endmodule

bind gmmu_axi_reader gmmu_axi_reader_rules u_rules (.*);

bind gmmu_axi_reader gmmu_channel #(
  .Width(gmmu_pkg::AxiIdBits + 64 + 2)
) u_ar (
  .clk_i,
  .rst_ni,
  .valid_i(arvalid_o),
  .ready_i(arready_i),
  .message_i({arid_o, araddr_o, aruser_o})
);

bind gmmu_axi_reader gmmu_channel #(
  .Width(gmmu_pkg::FetchBits),
  .Assumed(1'b1)
) u_fetch_0 (
  .clk_i,
  .rst_ni,
  .valid_i(fetch_valid_i[0]),
  .ready_i(fetch_ready_o[0]),
  .message_i(fetch_i[0])
);

bind gmmu_axi_reader gmmu_channel #(
  .Width(gmmu_pkg::FetchBits),
  .Assumed(1'b1)
) u_fetch_1 (
  .clk_i,
  .rst_ni,
  .valid_i(fetch_valid_i[1]),
  .ready_i(fetch_ready_o[1]),
  .message_i(fetch_i[1])
);

bind gmmu_axi_reader gmmu_channel #(
  .Width(gmmu_pkg::FetchBits),
  .Assumed(1'b1)
) u_fetch_2 (
  .clk_i,
  .rst_ni,
  .valid_i(fetch_valid_i[2]),
  .ready_i(fetch_ready_o[2]),
  .message_i(fetch_i[2])
);
