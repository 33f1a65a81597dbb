// SPDX-License-Identifier: MIT
// What the first-level TLBs do not know: bindings, the L2 TLB, walks; and the order of invalidates.
//
// Promises: each miss gets one reply. The checks come in this order: unbound instance block,
// address beyond the limit, the walk, what the page allows. When an invalidate is done, nothing
// that was read or kept before it began is used any more, nor waits as an answer in a port; replies
// that it overtook are *Retry*.
//
// A miss passes two stages. In the first its binding is looked up and the L2 TLB read. In the
// second it is answered, or handed to the walk unit. While it waits there it reads the L2 TLB again
// in each cycle, so that it sees what walks bring in the meantime. The second stage is entered when
// it is empty, not when it becomes so: else what the L2 TLB says would reach all ports at once.

module gmmu_hub #(
  parameter int unsigned L2Sets = 64,
  parameter int unsigned L2Ways = 8,
  parameter int unsigned Walkers = 4,
  parameter int unsigned Waiters = 16,
  parameter int unsigned PdeCacheEntries = 16,
  parameter int unsigned BindingEntries = 8
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  gmmu_pkg::modes_t modes_i,

  input  logic             miss_valid_i,
  output logic             miss_ready_o,
  input  gmmu_pkg::miss_t  miss_i,
  output logic             reply_valid_o,  // always taken
  output gmmu_pkg::reply_t reply_o,

  input  logic                  invalidate_valid_i,
  output logic                  invalidate_ready_o,  // it is done
  input  gmmu_pkg::invalidate_t invalidate_i,
  output logic                  purge_o,  // pulse, to the ports
  output gmmu_pkg::purge_t      purge_op_o,
  input  logic                  purge_pending_i,  // a port still offers an older answer

  output logic [Walkers:0]                          fetch_valid_o,
  input  logic [Walkers:0]                          fetch_ready_i,
  output logic [Walkers:0][gmmu_pkg::FetchBits-1:0] fetch_o,
  input  logic [Walkers:0]                          data_valid_i,
  input  logic [127:0]                              data_i,
  input  logic                                      data_error_i,

  output logic idle_o,
  output logic active_o  // the next edge of the clock counts
);

  // An invalidate:
  // 1. No miss is taken; walks are aborted; what is in the two stages ends as Retry.
  // 2. When the stages are empty all caches drop what it hits, the ports' in the same cycle.
  // 3. When the L2 TLB has gone through its sets, misses are taken again.
  // 4. It is done when the ports have got rid of the answers that were complete at 2.
  typedef enum logic [2:0] {
    StOpen,
    StDrain,
    StPurge,
    StScan,
    StSettle
  } state_e;
  state_e state_q;
  gmmu_pkg::purge_t purge_q;
  logic draining, intake, drained, abort, purging;

  gmmu_purge_decoder u_purge_decoder (
    .clk_i,
    .load_i(abort),
    .invalidate_i,
    .purge_o(purge_q)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StOpen;
    end else begin
      case (state_q)
        StOpen: if (invalidate_valid_i) state_q <= StDrain;
        StDrain: if (drained) state_q <= StPurge;
        StPurge: state_q <= StScan;
        StScan: if (!purging) state_q <= StSettle;
        StSettle: if (!purge_pending_i) state_q <= StOpen;
        default: state_q <= StOpen;
      endcase
    end
  end
  assign abort = state_q == StOpen && invalidate_valid_i;
  assign draining = state_q == StDrain;
  assign intake = (state_q == StOpen && !invalidate_valid_i) || state_q == StSettle;
  assign invalidate_ready_o = state_q == StSettle && !purge_pending_i;
  assign purge_o = state_q == StPurge;
  assign purge_op_o = purge_q;

  // The first stage.
  logic first_valid_q, first_moves, found;
  gmmu_pkg::miss_t first_q;
  gmmu_pkg::binding_t binding;
  gmmu_binding_cache #(
    .Entries(BindingEntries)
  ) u_bindings (
    .clk_i,
    .rst_ni,
    .lookup_i(first_valid_q),
    .inst_i(first_q.inst),
    .engine_id_i(first_q.engine_id),
    .found_o(found),
    .binding_o(binding),
    .fetch_valid_o(fetch_valid_o[Walkers]),
    .fetch_ready_i(fetch_ready_i[Walkers]),
    .fetch_o(fetch_o[Walkers]),
    .data_valid_i(data_valid_i[Walkers]),
    .data_i,
    .data_error_i,
    .purge_i(purge_o),
    .purge_op_i(purge_q)
  );

  // The second stage.
  logic second_valid_q, second_ends, fresh_q;  // fresh: the L2 TLB was read for this miss
  gmmu_pkg::miss_t second_q;
  gmmu_pkg::binding_t second_binding_q;

  assign miss_ready_o = intake && (!first_valid_q || first_moves);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_valid_q <= 1'b0;
      second_valid_q <= 1'b0;
    end else begin
      if (miss_valid_i && miss_ready_o) first_valid_q <= 1'b1;
      else if (first_moves) first_valid_q <= 1'b0;
      if (first_moves) second_valid_q <= 1'b1;
      else if (second_ends) second_valid_q <= 1'b0;
    end
  end
  always_ff @(posedge clk_i) begin
    if (miss_valid_i && miss_ready_o) first_q <= miss_i;
    if (first_moves) begin
      second_q <= first_q;
      second_binding_q <= binding;
    end
  end

  // Reads of the L2 TLB: for a page that a walk found and that will be written in the next cycle,
  // for a miss that waits in the second stage, or for one that enters it. A read beside the write
  // does not count.
  logic fill, fill_q, l2_match, l2_erase;
  gmmu_pkg::space_t fill_space_q, second_space, walk_space;
  logic [36:0] fill_page_q, walk_page, read_page, first_page, second_page;
  gmmu_pkg::leaf_t fill_leaf_q, l2_leaf, walk_leaf;
  assign second_space = second_binding_q.space;
  assign first_page = first_q.va[gmmu_pkg::VaBits-1:12];
  assign second_page = second_q.va[gmmu_pkg::VaBits-1:12];
  assign read_page = fill ? walk_page : second_valid_q ? second_page : first_page;
  assign first_moves = first_valid_q && found && !second_valid_q;

  gmmu_l2_tlb #(
    .Sets(L2Sets),
    .Ways(L2Ways)
  ) u_l2_tlb (
    .clk_i,
    .rst_ni,
    .read_i(fill || first_valid_q || second_valid_q),
    .read_page_i(read_page),
    .compare_i(fill_q || (second_valid_q && fresh_q)),
    .space_i(fill_q ? fill_space_q : second_space),
    .page_i(fill_q ? fill_page_q : second_page),
    .match_o(l2_match),
    .leaf_o(l2_leaf),
    .write_i(fill_q),
    .leaf_i(fill_leaf_q),
    .erase_i(l2_erase),
    .purge_i(purge_o && purge_q.pages),
    .purge_op_i(purge_q),
    .purging_o(purging)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      fill_q <= 1'b0;
      fresh_q <= 1'b0;
    end else begin
      fill_q <= fill;
      fresh_q <= !fill && !fill_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (fill) begin
      fill_space_q <= walk_space;
      fill_page_q <= walk_page;
      fill_leaf_q <= walk_leaf;
    end
  end

  // The end of a miss in the second stage. Its binding comes first, then the limit, then what the
  // L2 TLB knows; a page that refuses the access is forgotten, and read again in the tables.
  logic [5:0] refusal;
  logic direct, walks, walk_ready;
  gmmu_pkg::reply_t direct_reply;
  assign refusal = gmmu_entry_pkg::refusal_of(l2_leaf.kind, l2_leaf.privilege, l2_leaf.read_only,
                                              l2_leaf.atomic_disable, second_q.access_type,
                                              second_q.privileged, modes_i.strong_override);
  always_comb begin
    direct_reply.port = second_q.port;
    direct_reply.slot = second_q.slot;
    direct_reply.binding = second_binding_q;
    direct_reply.leaf = l2_leaf;
    direct = 1'b0;
    walks = 1'b0;
    l2_erase = 1'b0;
    direct_reply.result = gmmu_pkg::ResultFault;
    direct_reply.fault_type = faultline_regs_pkg::FaultTypeUnboundInstBlock;
    if (second_valid_q) begin
      if (draining || abort) begin
        direct = 1'b1;
        direct_reply.result = gmmu_pkg::ResultRetry;
      end else if (!second_binding_q.bound) begin
        direct = 1'b1;
      end else if (second_q.va[63:gmmu_pkg::VaBits] != '0) begin
        direct = 1'b1;
        direct_reply.fault_type = faultline_regs_pkg::FaultTypeVaLimitViolation;
      end else if (fresh_q) begin
        direct = l2_match && !refusal[5];
        walks = !direct;
        l2_erase = l2_match && refusal[5];
        direct_reply.result = gmmu_pkg::ResultTranslated;
      end
    end
  end

  logic walk_valid, walk_taken, walk_fills, walks_idle;
  gmmu_pkg::reply_t walk_reply;
  gmmu_pkg::binding_t walk_binding;
  gmmu_walk_unit #(
    .Walkers(Walkers),
    .Waiters(Waiters),
    .PdeCacheEntries(PdeCacheEntries)
  ) u_walk_unit (
    .clk_i,
    .rst_ni,
    .modes_i,
    .lookup_i(second_valid_q),
    .miss_valid_i(walks),
    .miss_ready_o(walk_ready),
    .miss_i(second_q),
    .binding_i(second_binding_q),
    .reply_valid_o(walk_valid),
    .reply_ready_i(walk_taken),
    .reply_o(walk_reply),
    .reply_page_o(walk_page),
    .reply_fill_o(walk_fills),
    .fetch_valid_o(fetch_valid_o[Walkers-1:0]),
    .fetch_ready_i(fetch_ready_i[Walkers-1:0]),
    .fetch_o(fetch_o[Walkers-1:0]),
    .data_valid_i(data_valid_i[Walkers-1:0]),
    .data_i,
    .data_error_i,
    .abort_i(abort),
    .purge_i(purge_o),
    .purge_op_i(purge_q),
    .idle_o(walks_idle)
  );
  assign walk_binding = walk_reply.binding;
  assign walk_space = walk_binding.space;
  assign walk_leaf = walk_reply.leaf;

  // Replies: those of walks first, because walkers are few. A fill takes the L2 TLB for two cycles.
  logic reply_valid_q;
  gmmu_pkg::reply_t reply_q;
  assign walk_taken = walk_valid && !(walk_fills && fill_q);
  assign fill = walk_taken && walk_fills;
  assign second_ends = (direct && !walk_taken) || (walks && walk_ready);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) reply_valid_q <= 1'b0;
    else reply_valid_q <= walk_taken || direct;
  end
  always_ff @(posedge clk_i) begin
    if (walk_taken) reply_q <= walk_reply;
    else if (direct) reply_q <= direct_reply;
  end
  assign reply_valid_o = reply_valid_q;
  assign reply_o = reply_q;

  assign drained = !first_valid_q && !second_valid_q && !reply_valid_q && !fill_q;
  assign idle_o = !first_valid_q && !second_valid_q && !reply_valid_q && !fill_q && walks_idle &&
                  state_q == StOpen;
  assign active_o = miss_valid_i || invalidate_valid_i || !idle_o;

endmodule
