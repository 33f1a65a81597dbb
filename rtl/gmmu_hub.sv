// SPDX-License-Identifier: MIT
// What the first-level TLBs do not know: bindings, the L2 TLB, walks; and the order of invalidates.
//
// Promises: each miss gets one reply. The checks come in this order: unbound instance block,
// address beyond the limit, the walk, what the page allows. When an invalidate is done, nothing
// that was read or kept before it began is used any more, nor waits as an answer in a port; replies
// that it overtook are *Retry*.
//
// A miss passes three stages. The L2 TLB is read as it comes. In the first stage its binding is
// looked up. In the second, when what was read is in registers, it is compared, and handed to the
// walk unit, which may begin before the outcome is known. In the third it is answered if the L2 TLB
// knows its page, and the walk withdrawn. While a miss waits in the second for a walker, it reads
// the L2 TLB again when a walk has brought its page. The first two stages are entered when they are
// empty, not when they become so: else what a stage finds out would reach all ports in the same
// cycle.

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
  // 1. No miss is taken; walks are aborted; what is in the first two stages ends as Retry.
  // 2. When the stages are empty, and so the ports have kept what the last reply taught them, all
  //    caches drop what it hits, the ports' in the same cycle.
  // 3. When the L2 TLB has gone through its sets, misses are taken again.
  // 4. It is done when the ports have got rid of the answers that were complete at 2.
  typedef enum logic [2:0] {
    StOpen,
    StAbort,
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
        StOpen: if (invalidate_valid_i) state_q <= StAbort;
        StAbort: state_q <= StDrain;
        StDrain: if (drained) state_q <= StPurge;
        StPurge: state_q <= StScan;
        StScan: if (!purging) state_q <= StSettle;
        StSettle: if (!purge_pending_i) state_q <= StOpen;
        default: state_q <= StOpen;
      endcase
    end
  end
  assign abort = state_q == StAbort;
  assign draining = state_q == StDrain;
  assign intake = state_q == StOpen || state_q == StSettle;
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
  logic second_valid_q, second_ends, unserved_q;  // unserved: unbound, or beyond the limit
  gmmu_pkg::miss_t second_q;
  gmmu_pkg::binding_t second_binding_q;
  logic [36:0] miss_page, first_page, second_page;
  assign miss_page = miss_i.va[gmmu_pkg::VaBits-1:12];
  assign first_page = first_q.va[gmmu_pkg::VaBits-1:12];
  assign second_page = second_q.va[gmmu_pkg::VaBits-1:12];

  assign miss_ready_o = intake && !first_valid_q;
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
    // That one comes, and that it moves, is known late.
    if (!first_valid_q) first_q <= miss_i;
    if (first_valid_q && !second_valid_q) begin
      second_q <= first_q;
      second_binding_q <= binding;
      unserved_q <= !binding.bound || first_q.va[63:gmmu_pkg::VaBits] != '0;
    end
  end

  // A page that a walk found is read, compared and written in the L2 TLB: a fill. One begins every
  // other cycle at most, and misses read beside it. For a cycle after its write it is remembered:
  // what was read by then does not know of it.
  logic fill_reads, fills, fill_waits_q, fill_writes_q, fill_written_q;
  logic fill_repeats, awaited_comes, overtaken;
  gmmu_pkg::space_t fill_space_q, walk_space;
  logic [36:0] fill_page_q, walk_page, fill_low_bits, fill_high_bits;
  logic [36:0] recent_page_q, recent_high_bits_q;
  gmmu_pkg::leaf_t fill_leaf_q, l2_leaf, walk_leaf;
  assign fill_low_bits = gmmu_match_pkg::low_bits_of(fill_leaf_q.page_size);
  assign fill_high_bits = ~fill_low_bits;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      fill_waits_q <= 1'b0;
      fill_writes_q <= 1'b0;
      fill_written_q <= 1'b0;
    end else begin
      fill_waits_q <= fills;
      fill_writes_q <= fill_waits_q && !fill_repeats;
      fill_written_q <= fill_writes_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (fill_reads) begin
      fill_space_q <= walk_space;
      fill_page_q <= walk_page;
      fill_leaf_q <= walk_leaf;
    end
    if (fill_waits_q) begin
      recent_page_q <= fill_page_q;
      recent_high_bits_q <= fill_high_bits;
    end
  end

  // Reads of the L2 TLB: for a fill, for a miss in the second stage that has not been looked up
  // since a page came that it may want, or for the next. Flags say for whom the word is that comes
  // out of the memory, and whether what is to be compared is that of the second stage.
  logic second_reads, first_read_q, second_read_q, fresh_q, missed_q, walks, walk_ready;
  logic [36:0] read_page, word_page;
  assign second_reads = second_valid_q && !second_read_q && !fresh_q && !missed_q;
  always_comb begin
    if (fill_reads) read_page = walk_page;
    else if (second_reads) read_page = second_page;
    else if (first_valid_q) read_page = first_page;
    else read_page = miss_page;
  end
  assign first_moves = first_valid_q && found && !second_valid_q && first_read_q && !overtaken;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      first_read_q <= 1'b0;
      second_read_q <= 1'b0;
      fresh_q <= 1'b0;
      missed_q <= 1'b0;
    end else begin
      first_read_q <= !fill_reads && !second_reads;
      second_read_q <= !fill_reads && second_reads;
      fresh_q <= first_moves || (second_read_q && !overtaken);
      missed_q <= walks && !walk_ready && !awaited_comes;
    end
  end

  // Whether a fill is of a page that others want, in whatever space: that it repeats the last, that
  // the word of a miss is older, or that a miss waits for it.
  assign word_page = second_read_q ? second_page : first_page;
  always_comb begin
    fill_repeats = 1'b0;
    awaited_comes = 1'b0;
    overtaken = 1'b0;
    if (fill_waits_q) begin
      fill_repeats = fill_written_q &&
                     ((fill_page_q ^ recent_page_q) & recent_high_bits_q) == 37'b0;
      awaited_comes = ((fill_page_q ^ second_page) & fill_high_bits) == 37'b0;
    end
    if (fill_writes_q || fill_written_q) begin
      overtaken = ((word_page ^ recent_page_q) & recent_high_bits_q) == 37'b0;
    end
  end

  // What is compared, chosen in the cycle before.
  gmmu_pkg::space_t second_space, compare_space_q;
  logic [36:0] compare_page_q;
  assign second_space = second_binding_q.space;
  always_ff @(posedge clk_i) begin
    if (fill_waits_q) begin
      compare_space_q <= fill_space_q;
      compare_page_q <= fill_page_q;
    end else if (first_valid_q && !second_valid_q) begin
      compare_space_q <= binding.space;
      compare_page_q <= first_page;
    end else if (second_read_q) begin
      compare_space_q <= second_space;
      compare_page_q <= second_page;
    end
  end

  logic compares, known;
  assign compares = second_valid_q && fresh_q;
  gmmu_l2_tlb #(
    .Sets(L2Sets),
    .Ways(L2Ways)
  ) u_l2_tlb (
    .clk_i,
    .rst_ni,
    .read_i(fill_reads || second_reads || first_valid_q || miss_valid_i),
    .read_page_i(read_page),
    .compare_i(fill_writes_q || compares),
    .space_i(compare_space_q),
    .page_i(compare_page_q),
    .access_type_i(second_q.access_type),
    .privileged_i(second_q.privileged),
    .strong_override_i(modes_i.strong_override),
    .serve_o(known),
    .leaf_o(l2_leaf),
    .write_i(fill_writes_q),
    .leaf_i(fill_leaf_q),
    .erase_i(compares && !unserved_q),
    .purge_i(purge_o && purge_q.pages),
    .purge_op_i(purge_q),
    .purging_o(purging)
  );

  // The end of a miss in the second stage. Its binding comes first, then the limit. What the L2 TLB
  // knows comes in the third stage: where there is no walker, the miss is still in the second too.
  logic ends_unserved, serves;
  always_comb begin
    ends_unserved = 1'b0;
    walks = 1'b0;
    if (second_valid_q && !serves) begin
      if (draining || abort || unserved_q) ends_unserved = 1'b1;
      else walks = fresh_q || missed_q;
    end
  end
  assign second_ends = ends_unserved || serves || (walks && walk_ready);

  // The third stage. A page that refuses the access is forgotten, and read again in the tables.
  logic unserved_ends_q, compared_q, given_q, retries_q, answers;
  gmmu_pkg::port_t third_port_q;
  gmmu_pkg::miss_slot_t third_slot_q;
  gmmu_pkg::binding_t third_binding_q;
  gmmu_pkg::reply_t answer;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      unserved_ends_q <= 1'b0;
      compared_q <= 1'b0;
      given_q <= 1'b0;
    end else begin
      unserved_ends_q <= ends_unserved;
      compared_q <= walks && fresh_q;
      given_q <= walks && fresh_q && walk_ready;
    end
  end
  always_ff @(posedge clk_i) begin
    if (second_valid_q) begin
      third_port_q <= second_q.port;
      third_slot_q <= second_q.slot;
      third_binding_q <= second_binding_q;
      retries_q <= draining || abort;
    end
  end
  assign serves = compared_q && known;
  assign answers = unserved_ends_q || serves;
  always_comb begin
    answer.port = third_port_q;
    answer.slot = third_slot_q;
    answer.binding = third_binding_q;
    answer.leaf = l2_leaf;
    answer.fault_type = third_binding_q.bound ? faultline_regs_pkg::FaultTypeVaLimitViolation :
        faultline_regs_pkg::FaultTypeUnboundInstBlock;
    if (compared_q) answer.result = gmmu_pkg::ResultTranslated;
    else answer.result = retries_q ? gmmu_pkg::ResultRetry : gmmu_pkg::ResultFault;
  end

  logic walk_offered, walk_replies, walks_idle;
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
    .withdraw_i(given_q && serves),
    .reply_ready_i(!answers),
    .reply_offered_o(walk_offered),
    .reply_valid_o(walk_replies),
    .reply_o(walk_reply),
    .fill_ready_i(!fill_waits_q),
    .fill_offered_o(fill_reads),
    .fill_o(fills),
    .fill_page_o(walk_page),
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

  // Replies: those of the third stage first, which has one in every other cycle at most.
  logic reply_valid_q;
  gmmu_pkg::reply_t reply_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) reply_valid_q <= 1'b0;
    else reply_valid_q <= answers || walk_replies;
  end
  always_ff @(posedge clk_i) begin
    if (answers) reply_q <= answer;
    else if (walk_offered) reply_q <= walk_reply;
  end
  assign reply_valid_o = reply_valid_q;
  assign reply_o = reply_q;

  assign drained = !first_valid_q && !second_valid_q && !unserved_ends_q && !compared_q &&
                   !reply_valid_q && !fill_waits_q && !fill_writes_q && !fill_written_q;
  assign idle_o = drained && walks_idle && state_q == StOpen;
  assign active_o = miss_valid_i || invalidate_valid_i || !idle_o;

endmodule
