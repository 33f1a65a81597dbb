// SPDX-License-Identifier: MIT
// No answer of a first-level TLB uses a translation after its invalidate was acknowledged, nor a
// binding: after an invalidate of bindings it knows none before the hub has told one anew.
//
// Proved for one page of one address space, which may be any, and the 2 MiB of memory that it maps
// to; `dead` begins when an invalidate that hits it has been done, with no older answer pending.
// Assumed of the hub: that memory is what this page maps to, and no other; it is not found any more
// from the invalidate on; a miss is answered once; caches are purged two cycles after the last
// reply that teaches anything. Of control: nothing that it reissued is on its way while caches are
// purged. The MMU is on.

module gmmu_utlb_invalidate #(
  parameter bit Hub = 1'b0
) (
  input logic clk_i,
  input logic rst_ni,
  input gmmu_pkg::port_t port_i,
  input gmmu_pkg::modes_t modes_i,
  input logic req_valid_i,
  input logic req_ready_o,
  input logic req_replayed_i,
  input logic resp_valid_o,
  input logic resp_ready_i,
  input gmmu_pkg::response_t resp_o,
  input logic report_valid_o,
  input logic report_ready_i,
  input gmmu_pkg::report_t report_o,
  input logic miss_valid_o,
  input logic miss_ready_i,
  input gmmu_pkg::miss_t miss_o,
  input logic reply_valid_i,
  input gmmu_pkg::reply_t reply_i,
  input logic purge_i,
  input gmmu_pkg::purge_t purge_op_i,
  input logic purge_pending_o,
  // Of which request a reply is.
  input gmmu_pkg::request_t reply_request,
  input logic known_q
);

  (* anyconst *) gmmu_pkg::port_t port;
  (* anyconst *) gmmu_pkg::space_t space;
  (* anyconst *) logic [36:0] page;
  (* anyconst *) logic [36:0] memory;  // physical address [57:21]

  logic [36:0] fill_low_bits;
  gmmu_pkg::binding_t binding;
  gmmu_pkg::leaf_t leaf;
  gmmu_pkg::response_t reported;
  logic to_memory, is_page, hits, gone_q = 1'b0, dead_q = 1'b0, hit_q = 1'b0;
  logic teaches, taught_q = 1'b0;
  logic forgot_q = 1'b0;
  logic [1:0] sent_q = '0, replays_q = '0;
  assign binding = reply_i.binding;
  assign leaf = reply_i.leaf;
  assign reported = report_o.response;
  assign fill_low_bits = gmmu_match_pkg::low_bits_of(leaf.page_size);
  assign to_memory = reply_valid_i && reply_i.result == gmmu_pkg::ResultTranslated &&
                     leaf.frame[45:9] == memory;
  assign teaches = reply_valid_i && reply_i.result != gmmu_pkg::ResultRetry;
  assign is_page = binding.space == space &&
                   ((reply_request.va[48:12] ^ page) & ~fill_low_bits) == '0;
  assign hits = purge_i && purge_op_i.pages && (Hub || purge_op_i.gpcs) &&
                gmmu_match_pkg::hits_space(purge_op_i, space) &&
                gmmu_match_pkg::hits_region(purge_op_i, page, '0);

  always_comb begin
    assume (port_i == port && !modes_i.mmu_disable);
    assume (leaf.page_size <= gmmu_pkg::PageSize2m);
    assume (!to_memory || (binding.bound && is_page && !gone_q));
    assume (!purge_i || !(teaches || taught_q));
    assume (!reply_valid_i || (reply_i.port == port && reply_i.slot[3:1] == '0 &&
                               sent_q[reply_i.slot[0]]));
    assume (!purge_i || replays_q == '0);
  end

  function automatic logic uses(input gmmu_pkg::response_t response, input logic [36:0] region);
    uses = response.outcome == gmmu_pkg::OutcomeTranslated && response.pa[57:21] == region;
  endfunction

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      if (hits) gone_q <= 1'b1;
      if (gone_q && !purge_pending_o) dead_q <= 1'b1;
      taught_q <= teaches;
      if (purge_i && purge_op_i.bindings && purge_op_i.any_space) forgot_q <= 1'b1;
      else if (teaches) forgot_q <= 1'b0;
      assert (!(forgot_q && known_q));
      if (miss_valid_o && miss_ready_i) sent_q[miss_o.slot[0]] <= 1'b1;
      if (reply_valid_i) sent_q[reply_i.slot[0]] <= 1'b0;
      replays_q <= replays_q + {1'b0, req_valid_i && req_ready_o && req_replayed_i} -
                   {1'b0, report_valid_o && report_ready_i && report_o.replayed};

      if (gone_q && !purge_pending_o) begin
        assert (!(resp_valid_o && uses(resp_o, memory)));
        assert (!(report_valid_o && uses(reported, memory)));
      end
      // It was there: it answered twice with one fill, then another page did after the invalidate.
      if (resp_valid_o && resp_ready_i && uses(resp_o, memory) && sent_q == '0) hit_q <= 1'b1;
      cover (hit_q && dead_q && resp_valid_o && resp_o.outcome == gmmu_pkg::OutcomeTranslated);
    end
  end

endmodule

bind gmmu_utlb gmmu_utlb_invalidate #(
  .Hub(Hub)
) u_invalidate (.*);
