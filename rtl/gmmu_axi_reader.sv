// SPDX-License-Identifier: MIT
// Fetches of several readers as AXI4 reads.
//
// Promises: reader n uses id n and has at most one read in flight; an address that was offered
// stays until it is taken; data is always taken. Each read is one beat of 16 bytes. `aruser` is the
// aperture of the address.

module gmmu_axi_reader #(
  parameter int unsigned Readers = 5
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic [Readers-1:0]                          fetch_valid_i,
  output logic [Readers-1:0]                          fetch_ready_o,
  input  logic [Readers-1:0][gmmu_pkg::FetchBits-1:0] fetch_i,
  output logic [Readers-1:0]                          data_valid_o,
  output logic [127:0]                                data_o,
  output logic                                        data_error_o,

  output logic                           arvalid_o,
  input  logic                           arready_i,
  output logic [gmmu_pkg::AxiIdBits-1:0] arid_o,
  output logic [63:0]                    araddr_o,
  output logic [7:0]                     arlen_o,
  output logic [2:0]                     arsize_o,
  output logic [1:0]                     arburst_o,
  output logic [1:0]                     aruser_o,
  input  logic                           rvalid_i,
  output logic                           rready_o,
  input  logic [gmmu_pkg::AxiIdBits-1:0] rid_i,
  input  logic [127:0]                   rdata_i,
  input  logic [1:0]                     rresp_i,
  input  logic                           rlast_i
);

  localparam logic [2:0] Size16Bytes = 3'd4;
  localparam logic [1:0] BurstIncr = 2'b01;
  localparam int unsigned IndexBits = Readers > 1 ? $clog2(Readers) : 1;

  logic [Readers-1:0] grant;
  logic [IndexBits-1:0] index;
  gmmu_arbiter #(
    .N(Readers)
  ) u_arbiter (
    .clk_i,
    .rst_ni,
    .valid_i(fetch_valid_i),
    .ready_i(arready_i),
    .valid_o(arvalid_o),
    .grant_o(grant),
    .index_o(index)
  );

  gmmu_pkg::fetch_t fetch;
  always_comb begin
    fetch = fetch_i[0];
    for (int unsigned r = 1; r < Readers; r++) begin
      if (grant[r]) fetch = fetch_i[r];
    end
  end
  assign fetch_ready_o = arready_i ? grant : '0;
  assign arid_o = gmmu_pkg::AxiIdBits'(index);
  assign araddr_o = fetch.address;
  assign aruser_o = fetch.aperture;
  assign arlen_o = 8'd0;
  assign arsize_o = Size16Bytes;
  assign arburst_o = BurstIncr;

  for (genvar r = 0; r < Readers; r++) begin : gen_reader
    assign data_valid_o[r] = rvalid_i && rlast_i && rid_i == gmmu_pkg::AxiIdBits'(r);
  end
  assign rready_o = 1'b1;
  assign data_o = rdata_i;
  assign data_error_o = rresp_i != 2'b00;

endmodule
