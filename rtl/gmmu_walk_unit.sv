// SPDX-License-Identifier: MIT
// The walkers, who waits for them, and the PDE cache.
//
// Promises: misses of one page of one address space share a walk, and each is checked with its own
// access; each miss taken gets one reply, unless it is withdrawn in the cycle after: then nothing
// was read for it; a miss is refused only while every walker or waiter is taken, or while the walk
// of its page is being answered (then the L2 TLB will know).

module gmmu_walk_unit #(
  parameter int unsigned Walkers = 4,
  parameter int unsigned Waiters = 16,
  parameter int unsigned PdeCacheEntries = 16
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  gmmu_pkg::modes_t modes_i,

  // A miss may come, and is looked up; that it does come is known late.
  input  logic               lookup_i,
  input  logic               miss_valid_i,
  output logic               miss_ready_o,
  input  gmmu_pkg::miss_t    miss_i,
  input  gmmu_pkg::binding_t binding_i,
  input  logic               withdraw_i,  // the miss that was taken in the last cycle

  // With the first reply of a walk comes the page that the L2 TLB is to keep; that waits for
  // `fill_ready_i`. What is offered may still be taken back in the same cycle.
  input  logic             reply_ready_i,
  output logic             reply_offered_o,
  output logic             reply_valid_o,
  output gmmu_pkg::reply_t reply_o,
  input  logic             fill_ready_i,
  output logic             fill_offered_o,
  output logic             fill_o,
  output logic [36:0]      fill_page_o,

  output logic [Walkers-1:0]                          fetch_valid_o,
  input  logic [Walkers-1:0]                          fetch_ready_i,
  output logic [Walkers-1:0][gmmu_pkg::FetchBits-1:0] fetch_o,
  input  logic [Walkers-1:0]                          data_valid_i,
  input  logic [127:0]                                data_i,
  input  logic                                        data_error_i,

  input  logic             abort_i,  // an invalidate begins
  input  logic             purge_i,
  input  gmmu_pkg::purge_t purge_op_i,
  output logic             idle_o
);

  localparam int unsigned WalkerBits = Walkers > 1 ? $clog2(Walkers) : 1;
  localparam int unsigned WaiterBits = Waiters > 1 ? $clog2(Waiters) : 1;
  localparam logic [Walkers-1:0] OneWalker = {{Walkers - 1{1'b0}}, 1'b1};

  gmmu_pkg::space_t miss_space;
  logic [36:0] miss_page;
  assign miss_space = binding_i.space;
  assign miss_page = miss_i.va[gmmu_pkg::VaBits-1:12];

  // Which walker a miss joins or starts.
  logic [Walkers-1:0] is_idle, is_done, same, start, joined, first_idle;
  logic [Waiters-1:0] waits_q, wait_into;
  logic taken;
  gmmu_first #(
    .N(Walkers)
  ) u_first_idle (
    .bits_i(is_idle),
    .first_o(first_idle)
  );
  assign joined = |same ? same : first_idle;
  assign miss_ready_o = |joined && (same & is_done) == '0 && !(&waits_q) && !abort_i && !purge_i;
  assign taken = miss_valid_i && miss_ready_o;
  assign start = taken && same == '0 ? joined : '0;

  // What the PDE cache says of the miss that was looked up in the cycle before.
  logic known;
  gmmu_pkg::descent_t known_descent;

  logic [53:0] walk_space[Walkers];
  logic [36:0] walk_page[Walkers];
  logic [1:0] walk_result[Walkers];
  logic [4:0] walk_fault_type[Walkers];
  logic [gmmu_pkg::LeafBits-1:0] walk_leaf[Walkers];
  logic [Walkers-1:0] found, released, is_cached;
  logic [2:0] found_level[Walkers];
  logic [gmmu_pkg::DescentBits-1:0] found_descent[Walkers];

  for (genvar w = 0; w < Walkers; w++) begin : gen_walker
    gmmu_walker u_walker (
      .clk_i,
      .rst_ni,
      .start_i(start[w]),
      .space_i(miss_space),
      .page_i(miss_page),
      .cached_i(known && !modes_i.pde_cache_off),
      .cached_descent_i(known_descent),
      .withdraw_i,
      .abort_i,
      .release_i(released[w]),
      .again_i(again_q[w]),
      .idle_o(is_idle[w]),
      .done_o(is_done[w]),
      .cached_o(is_cached[w]),
      .space_o(walk_space[w]),
      .page_o(walk_page[w]),
      .result_o(walk_result[w]),
      .fault_type_o(walk_fault_type[w]),
      .leaf_o(walk_leaf[w]),
      .fetch_valid_o(fetch_valid_o[w]),
      .fetch_ready_i(fetch_ready_i[w]),
      .fetch_o(fetch_o[w]),
      .data_valid_i(data_valid_i[w]),
      .data_i,
      .data_error_i,
      .found_o(found[w]),
      .found_level_o(found_level[w]),
      .found_descent_o(found_descent[w])
    );
    assign same[w] = !is_idle[w] && walk_space[w] == miss_space && walk_page[w] == miss_page;
  end

  // Memory gives one beat a cycle, so at most one walker finds a directory entry.
  logic [WalkerBits-1:0] found_index;
  gmmu_encoder #(
    .N(Walkers)
  ) u_found_index (
    .one_hot_i(found),
    .index_o(found_index)
  );

  gmmu_pde_cache #(
    .Entries(PdeCacheEntries)
  ) u_pde_cache (
    .clk_i,
    .rst_ni,
    .lookup_i,
    .lookup_space_i(miss_space),
    .lookup_page_i(miss_page),
    .match_o(known),
    .descent_o(known_descent),
    .insert_i(|found && !modes_i.pde_cache_off),
    .insert_space_i(walk_space[found_index]),
    .insert_page_i(walk_page[found_index]),
    .insert_level_i(found_level[found_index]),
    .insert_descent_i(found_descent[found_index]),
    .purge_i,
    .purge_op_i
  );

  // Who waits for which walk.
  logic [WalkerBits-1:0] waits_for_q[Waiters];
  logic [gmmu_pkg::PortBits-1:0] port_q[Waiters];
  logic [gmmu_pkg::MissSlotBits-1:0] slot_q[Waiters];
  logic [3:0] access_type_q[Waiters];
  logic [Waiters-1:0] privileged_q;
  logic [gmmu_pkg::BindingBits-1:0] binding_q[Waiters];

  logic [WalkerBits-1:0] joined_index;
  gmmu_encoder #(
    .N(Walkers)
  ) u_joined_index (
    .one_hot_i(joined),
    .index_o(joined_index)
  );

  logic [Waiters-1:0] is_served, served, first_free, came_q;
  logic [WaiterBits-1:0] free_index;
  gmmu_first #(
    .N(Waiters)
  ) u_first_free (
    .bits_i(~waits_q),
    .first_o(first_free)
  );
  assign wait_into = taken ? first_free : '0;
  gmmu_encoder #(
    .N(Waiters)
  ) u_free_index (
    .one_hot_i(first_free),
    .index_o(free_index)
  );
  always_ff @(posedge clk_i) begin
    if (lookup_i && first_free != '0) begin
      waits_for_q[free_index] <= joined_index;
      port_q[free_index] <= miss_i.port;
      slot_q[free_index] <= miss_i.slot;
      access_type_q[free_index] <= miss_i.access_type;
      privileged_q[free_index] <= miss_i.privileged;
      binding_q[free_index] <= binding_i;
    end
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      waits_q <= '0;
      came_q <= '0;
    end else begin
      waits_q <= ((withdraw_i ? waits_q & ~came_q : waits_q) | wait_into) & ~served;
      came_q <= wait_into;
    end
  end

  // A walk that is done is over when nobody waits for it. One that begins again is none. Who came
  // in the last cycle may still be withdrawn.
  logic [Walkers-1:0] awaited, again_q;
  always_comb begin
    is_served = '0;
    awaited = '0;
    if (is_done != '0) begin
      for (int unsigned i = 0; i < Waiters; i++) begin
        is_served[i] = waits_q[i] && !came_q[i] && is_done[waits_for_q[i]] &&
                       !again_q[waits_for_q[i]];
        if (waits_q[i]) awaited[waits_for_q[i]] = 1'b1;
      end
    end
  end
  assign released = is_done & ~awaited;

  // Whether the page that was found refuses a waiter's access, and how: looked at beside the choice
  // of the waiter, not behind it.
  logic [5:0] refusal[Waiters];
  for (genvar i = 0; i < Waiters; i++) begin : gen_refusal
    gmmu_pkg::leaf_t page;
    logic [5:0] how;
    assign page = walk_leaf[waits_for_q[i]];
    assign refusal[i] = how;
    always_comb begin
      how = '0;
      if (is_served[i] && walk_result[waits_for_q[i]] == gmmu_pkg::ResultTranslated) begin
        how = gmmu_entry_pkg::refusal_of(page.kind, page.privilege, page.read_only,
                                         page.atomic_disable, access_type_q[i], privileged_q[i],
                                         modes_i.strong_override);
      end
    end
  end

  // Replies, one a cycle.
  logic [Waiters-1:0] grant;
  logic [WaiterBits-1:0] index;
  logic [WalkerBits-1:0] walk;
  logic [1:0] result;
  logic [5:0] chosen_refusal;
  logic refused, goes, taken_back;
  gmmu_arbiter #(
    .N(Waiters)
  ) u_reply_arbiter (
    .clk_i,
    .rst_ni,
    .valid_i(is_served),
    .ready_i(goes),
    .valid_o(reply_offered_o),
    .grant_o(grant),
    .index_o(index)
  );
  assign walk = waits_for_q[index];
  assign result = walk_result[walk];
  always_comb begin
    chosen_refusal = '0;
    for (int unsigned i = 0; i < Waiters; i++) begin
      if (grant[i]) chosen_refusal = chosen_refusal | refusal[i];
    end
  end
  assign refused = chosen_refusal[5];

  // The L2 TLB gets what a walk found once. That some walk has a page for it is known early.
  logic [Walkers-1:0] filled_q, filled, has_page;
  logic brings_page;
  for (genvar w = 0; w < Walkers; w++) begin : gen_has_page
    assign has_page[w] = is_done[w] && walk_result[w] == gmmu_pkg::ResultTranslated &&
                         !filled_q[w] && !modes_i.cache_off;
  end
  assign brings_page = reply_offered_o && has_page[walk];
  assign goes = reply_ready_i && (!brings_page || fill_ready_i);
  assign fill_offered_o = |has_page && fill_ready_i;
  assign fill_o = brings_page && goes && !refused;
  assign filled = fill_o ? OneWalker << walk : '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) filled_q <= '0;
    else filled_q <= (filled_q | filled) & ~is_idle;
  end

  // A refusal is not believed before the walk has been repeated from the root.
  assign taken_back = goes && refused && is_cached[walk];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) again_q <= '0;
    else again_q <= taken_back ? OneWalker << walk : '0;
  end
  assign reply_valid_o = reply_offered_o && goes && !taken_back;
  assign served = reply_valid_o ? grant : '0;

  assign reply_o.port = port_q[index];
  assign reply_o.slot = slot_q[index];
  assign reply_o.result = refused ? gmmu_pkg::ResultFault : result;
  assign reply_o.fault_type = refused ? chosen_refusal[4:0] : walk_fault_type[walk];
  assign reply_o.binding = binding_q[index];
  assign reply_o.leaf = walk_leaf[walk];
  assign fill_page_o = walk_page[walk];

  assign idle_o = &is_idle && waits_q == '0;

endmodule
