// SPDX-License-Identifier: MIT
// A memory with one read and one write port, in block RAM also where it is small: the address of
// one in LUTs goes to all of them. A read gives its word in the next cycle; of a word that is
// written in the same cycle, nobody may look at what it gives: no_rw_check says so to Yosys, which
// would else put comparisons around the memory. Nothing is in it after reset.

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

  (* no_rw_check, ram_style = "block" *) logic [Width-1:0] words_q[Depth];

  always_ff @(posedge clk_i) begin
    if (read_i) read_data_o <= words_q[read_address_i];
    if (write_i) words_q[write_address_i] <= write_data_i;
  end

endmodule
