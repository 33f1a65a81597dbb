// SPDX-License-Identifier: MIT
// The hits of a first-level TLB that wait for their client, two at most.
//
// Promises: each hit that was put in comes out once, in order, one a cycle; whether there is a
// place does not depend on the client in the same cycle, which is what the second place is for.

module gmmu_hit_queue (
  input logic clk_i,
  input logic rst_ni,

  // While a hit may come, it is looked at; that it does come is known late.
  input  logic                look_i,
  input  logic                put_i,
  output logic                put_ready_o,
  input  gmmu_pkg::response_t put_response_i,

  output logic                valid_o,
  input  logic                ready_i,
  output gmmu_pkg::response_t response_o,

  // Hits that are here at a mark, when none is put in, and have not been taken since.
  input  logic mark_i,
  output logic marked_o
);

  logic front_valid_q, back_valid_q, front_marked_q, back_marked_q, moves;
  gmmu_pkg::response_t front_q, back_q;

  assign put_ready_o = !back_valid_q;
  assign valid_o = front_valid_q;
  assign response_o = front_q;
  assign moves = ready_i || !front_valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      front_valid_q <= 1'b0;
      back_valid_q <= 1'b0;
      front_marked_q <= 1'b0;
      back_marked_q <= 1'b0;
    end else if (moves) begin
      front_valid_q <= back_valid_q || put_i;
      back_valid_q <= 1'b0;
      front_marked_q <= back_valid_q && (mark_i || back_marked_q);
      back_marked_q <= 1'b0;
    end else begin
      back_valid_q <= back_valid_q || put_i;
      front_marked_q <= mark_i || front_marked_q;
      back_marked_q <= back_valid_q && (mark_i || back_marked_q);
    end
  end
  always_ff @(posedge clk_i) begin
    if (moves) begin
      if (back_valid_q) front_q <= back_q;
      else if (look_i) front_q <= put_response_i;
    end
    if (look_i && !back_valid_q) back_q <= put_response_i;
  end

  assign marked_o = front_marked_q || back_marked_q;

endmodule
