// SPDX-License-Identifier: MIT
// A memory with one read and one write port, for block RAM. A read gives what was there before a
// write of the same cycle, in the next cycle. Nothing is in it after reset.

module gmmu_ram #(
  parameter int unsigned Depth = 64,
  parameter int unsigned Width = 32,
  localparam int unsigned AddressBits = Depth > 1 ? $clog2(Depth) : 1
) (
  input  logic                   clk_i,
  input  logic                   read_i,
  input  logic [AddressBits-1:0] read_address_i,
  output logic [Width-1:0]       read_data_o,
  input  logic                   write_i,
  input  logic [AddressBits-1:0] write_address_i,
  input  logic [Width-1:0]       write_data_i
);

  logic [Width-1:0] words_q[Depth];

  always_ff @(posedge clk_i) begin
    if (read_i) read_data_o <= words_q[read_address_i];
    if (write_i) words_q[write_address_i] <= write_data_i;
  end

endmodule
