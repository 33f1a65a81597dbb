// SPDX-License-Identifier: MIT
// Which address space an instance block gives to an engine, for those in use.
//
// Promises: what is known is answered in the same cycle; what is not is read, and `done_o` gives
// it once. An unbound requester is read again each time, so software need not invalidate to bind.
// What is read while a purge comes is not kept.

module gmmu_binding_cache #(
  parameter int unsigned Entries = 8
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic                lookup_i,  // stays, with what is asked, until known or done
  input  gmmu_pkg::instance_t inst_i,
  input  logic [8:0]          engine_id_i,
  output logic                found_o,
  output gmmu_pkg::binding_t  binding_o,

  output logic             fetch_valid_o,
  input  logic             fetch_ready_i,
  output gmmu_pkg::fetch_t fetch_o,
  input  logic             data_valid_i,
  input  logic [127:0]     data_i,
  input  logic             data_error_i,

  input  logic             purge_i,
  input  gmmu_pkg::purge_t purge_op_i
);

  localparam logic [Entries-1:0] One = {{Entries - 1{1'b0}}, 1'b1};
  localparam int unsigned KeyBits = 54 + 9;

  logic [Entries-1:0] valid_q, turn_q;
  logic [KeyBits-1:0] key_q[Entries];
  logic [gmmu_pkg::BindingBits-1:0] binding_q[Entries];
  logic [53:0] space_q[Entries];

  logic [KeyBits-1:0] key;
  logic [Entries-1:0] match, purged;
  gmmu_pkg::binding_t known;
  assign key = {inst_i, engine_id_i};
  always_comb begin
    match = '0;
    known = '0;
    if (lookup_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        match[i] = valid_q[i] && key_q[i] == key;
        if (match[i]) known = known | binding_q[i];
      end
    end
  end

  logic fetch_idle, fetch_done, keep;
  gmmu_pkg::binding_t fetched;
  gmmu_instance_fetch u_fetch (
    .clk_i,
    .rst_ni,
    .start_i(lookup_i && match == '0),
    .inst_i,
    .engine_id_i,
    .idle_o(fetch_idle),
    .done_o(fetch_done),
    .binding_o(fetched),
    .fetch_valid_o,
    .fetch_ready_i,
    .fetch_o,
    .data_valid_i,
    .data_i,
    .data_error_i
  );
  assign found_o = |match || fetch_done;
  assign binding_o = fetch_done ? fetched : known;  // what is fetched was not known

  always_comb begin
    purged = '0;
    if (purge_i && purge_op_i.bindings) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        purged[i] = gmmu_match_pkg::hits_space(purge_op_i, space_q[i]);
      end
    end
  end

  logic stale_q;  // a purge came while we were reading
  assign keep = fetch_done && fetched.bound && !stale_q && !purge_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      turn_q <= One;
      stale_q <= 1'b0;
    end else begin
      valid_q <= (valid_q & ~purged) | (keep ? turn_q : '0);
      if (keep) turn_q <= {turn_q[Entries-2:0], turn_q[Entries-1]};
      stale_q <= !fetch_idle && !fetch_done && (stale_q || purge_i);
    end
  end
  always_ff @(posedge clk_i) begin
    for (int unsigned i = 0; i < Entries; i++) begin
      if (keep && turn_q[i]) begin
        key_q[i] <= key;
        binding_q[i] <= fetched;
        space_q[i] <= fetched.space;
      end
    end
  end

endmodule
