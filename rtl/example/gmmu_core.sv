// SPDX-License-Identifier: MIT
// Somebody else's MMU at our seam: the ports of rtl/gmmu_core.sv, and nothing kept.
//
// Promises: what rtl/gmmu_core.sv promises, but for time. One request is served at a time, whoever
// asked; each reads its instance block and walks from the root. So an invalidate has nothing to
// drop: it is done as soon as no request is in progress.

module gmmu_core #(
  parameter int unsigned NumUtlbs = 36,
  parameter int unsigned Walkers = 4,  // one walks; instance blocks are read with this AXI id
  // Sizes of what is not here.
  // verilator lint_off UNUSEDPARAM
  parameter int unsigned UtlbEntries = 0,
  parameter int unsigned MissSlots = 0,
  parameter int unsigned L2Sets = 0,
  parameter int unsigned L2Ways = 0,
  parameter int unsigned Waiters = 0,
  parameter int unsigned PdeCacheEntries = 0,
  parameter int unsigned BindingEntries = 0,
  // verilator lint_on UNUSEDPARAM
  localparam int unsigned NumPorts = NumUtlbs + 1
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic [NumPorts-1:0]                             req_valid_i,
  output logic [NumPorts-1:0]                             req_ready_o,
  input  logic [NumPorts-1:0][gmmu_pkg::RequestBits-1:0]  req_i,
  output logic [NumPorts-1:0]                             resp_valid_o,
  input  logic [NumPorts-1:0]                             resp_ready_i,
  output logic [NumPorts-1:0][gmmu_pkg::ResponseBits-1:0] resp_o,

  input  logic                bar1_valid_i,
  output logic                bar1_ready_o,
  input  logic [63:0]         bar1_offset_i,
  input  logic [3:0]          bar1_access_type_i,  // access_type_e
  output logic                bar1_resp_valid_o,
  output gmmu_pkg::response_t bar1_resp_o,

  output logic               report_valid_o,
  input  logic               report_ready_i,
  output gmmu_pkg::report_t  report_o,
  output logic               bar_report_valid_o,
  input  logic               bar_report_ready_i,
  output gmmu_pkg::report_t  bar_report_o,
  input  logic               late_valid_i,
  output logic               late_ready_o,
  input  gmmu_pkg::late_t    late_i,
  input  logic               reissue_valid_i,
  output logic               reissue_ready_o,
  input  gmmu_pkg::reissue_t reissue_i,
  input  logic               lockdown_i,
  // verilator lint_off UNUSEDSIGNAL
  input  logic                  invalidate_valid_i,
  output logic                  invalidate_ready_o,
  input  gmmu_pkg::invalidate_t invalidate_i,
  // verilator lint_on UNUSEDSIGNAL
  input  logic                bar2_valid_i,
  output logic                bar2_ready_o,
  input  logic [63:0]         bar2_address_i,
  output logic                bar2_resp_valid_o,
  output gmmu_pkg::response_t bar2_resp_o,
  // verilator lint_off UNUSEDSIGNAL
  input  gmmu_pkg::modes_t                modes_i,
  input  faultline_regs_pkg::bar1_block_t bar1_block_i,
  input  faultline_regs_pkg::bar2_block_t bar2_block_i,
  // verilator lint_on UNUSEDSIGNAL

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
  input  logic                           rlast_i,

  output logic idle_o
);

  localparam int unsigned IndexBits = $clog2(NumPorts + 1);

  // 1. Choose whom to serve: the packet writer, then a parked request, then clients and host in
  //    turn. Unless the MMU is off or the BAR is physical:
  // 2. Read the instance block. Unbound, or an address beyond the limit, is a fault.
  // 3. Walk, and check the access.
  // 4. Answer; or tell control, if it is a fault or control had asked.
  typedef enum logic [1:0] {
    StIdle,
    StBind,
    StWalk,
    StAnswer
  } state_e;
  typedef enum logic [1:0] {
    ForClient,
    ForControl,  // a parked request
    ForBar1,
    ForBar2
  } asker_e;

  state_e state_q;
  asker_e asker_q;
  gmmu_pkg::port_t port_q;
  gmmu_pkg::replay_slot_t replay_slot_q;
  gmmu_pkg::request_t request_q;
  gmmu_pkg::binding_t binding_q;
  gmmu_pkg::response_t response_q;

  // 1. A report waits in a register of its own: control may need the packet writer's translation
  //    before it takes the next report, so nothing that could end as a report is begun while one
  //    waits.
  logic report_valid_q, may_serve, may_take, take_reissue, take_next, take_bar1;
  logic [NumPorts:0] grant;
  logic [IndexBits-1:0] index;
  assign may_serve = state_q == StIdle && !bar2_valid_i;
  assign take_reissue = may_serve && !report_valid_q && reissue_valid_i;
  assign may_take = may_serve && !report_valid_q && !reissue_valid_i && !lockdown_i;
  assign bar2_ready_o = state_q == StIdle;
  assign reissue_ready_o = take_reissue;
  gmmu_arbiter #(
    .N(NumPorts + 1)
  ) u_turn (
    .clk_i,
    .rst_ni,
    .valid_i({bar1_valid_i && may_serve && !take_reissue, may_take ? req_valid_i : '0}),
    .ready_i(1'b1),
    .valid_o(take_next),
    .grant_o(grant),
    .index_o(index)
  );
  assign {bar1_ready_o, req_ready_o} = grant;
  assign take_bar1 = grant[NumPorts];

  logic taken;
  asker_e asker;
  gmmu_pkg::request_t request;
  assign taken = (bar2_valid_i && bar2_ready_o) || take_reissue || take_next;
  always_comb begin
    asker = ForBar1;
    request = '0;
    if (bar2_valid_i) begin
      asker = ForBar2;
      request.va = bar2_address_i;
      request.access_type = faultline_regs_pkg::AccessTypeWrite;
      request.engine_id = faultline_regs_pkg::EngineIdBar2;
      request.inst = {24'b0, bar2_block_i.ptr, bar2_block_i.target};
    end else if (take_reissue) begin
      asker = ForControl;
      request = reissue_i.request;
    end else if (!take_bar1) begin
      asker = ForClient;
      request = req_i[index];
    end else begin
      request.va = bar1_offset_i;
      request.access_type = bar1_access_type_i;
      request.engine_id = faultline_regs_pkg::EngineIdBar1;
      request.inst = {24'b0, bar1_block_i.ptr, bar1_block_i.target};
    end
    if (asker == ForBar1 || asker == ForBar2) begin
      request.privileged = 1'b1;
      request.client_type = faultline_regs_pkg::ClientTypeHub;
      request.client = faultline_regs_pkg::HubClientHostCpu;
    end
  end

  // What needs no tables. In physical mode a BAR is video memory.
  logic physical;
  gmmu_pkg::response_t direct;
  assign physical = (asker == ForBar1 && bar1_block_i.mode != faultline_regs_pkg::BarModeVirtual) ||
                    (asker == ForBar2 && bar2_block_i.mode != faultline_regs_pkg::BarModeVirtual);
  always_comb begin
    direct = gmmu_entry_pkg::untranslated(request.tag, request.va, modes_i.mmu_aperture,
                                          modes_i.mmu_vol);
    if (physical) begin
      direct.aperture = faultline_regs_pkg::PteApertureVidmem;
      direct.page_size = gmmu_pkg::PageSize2m;
      direct.vol = 1'b0;
    end
  end

  // 2. and 3. read memory: AXI ids 0 and Walkers.
  logic [Walkers:0] fetch_valid, fetch_ready, data_valid;
  logic [Walkers:0][gmmu_pkg::FetchBits-1:0] fetch;
  logic [127:0] data;
  logic data_error, bind_fetch_valid, walk_fetch_valid;
  gmmu_pkg::fetch_t bind_fetch, walk_fetch;
  always_comb begin
    fetch_valid = '0;
    fetch = '0;
    fetch_valid[0] = walk_fetch_valid;
    fetch[0] = walk_fetch;
    fetch_valid[Walkers] = bind_fetch_valid;
    fetch[Walkers] = bind_fetch;
  end

  logic bound;
  gmmu_pkg::binding_t binding;
  gmmu_instance_fetch u_instance_fetch (
    .clk_i,
    .rst_ni,
    .start_i(state_q == StBind),
    .inst_i(request_q.inst),
    .engine_id_i(request_q.engine_id),
    // verilator lint_off PINCONNECTEMPTY
    .idle_o(),
    // verilator lint_on PINCONNECTEMPTY
    .done_o(bound),
    .binding_o(binding),
    .fetch_valid_o(bind_fetch_valid),
    .fetch_ready_i(fetch_ready[Walkers]),
    .fetch_o(bind_fetch),
    .data_valid_i(data_valid[Walkers]),
    .data_i(data),
    .data_error_i(data_error)
  );

  logic walk_idle, walked;
  logic [1:0] result;
  logic [4:0] walk_fault;
  gmmu_pkg::leaf_t leaf;
  gmmu_walker u_walker (
    .clk_i,
    .rst_ni,
    .start_i(state_q == StWalk && walk_idle),
    .space_i(binding_q.space),
    .page_i(request_q.va[gmmu_pkg::VaBits-1:12]),
    .cached_i(1'b0),
    .cached_descent_i('0),
    .withdraw_i(1'b0),
    .abort_i(1'b0),
    .release_i(walked),
    .again_i(1'b0),
    .idle_o(walk_idle),
    .done_o(walked),
    .result_o(result),
    .fault_type_o(walk_fault),
    .leaf_o(leaf),
    .fetch_valid_o(walk_fetch_valid),
    .fetch_ready_i(fetch_ready[0]),
    .fetch_o(walk_fetch),
    .data_valid_i(data_valid[0]),
    .data_i(data),
    .data_error_i(data_error),
    // There is no cache that would want to know these.
    // verilator lint_off PINCONNECTEMPTY
    .cached_o(),
    .space_o(),
    .page_o(),
    .found_o(),
    .found_level_o(),
    .found_descent_o()
    // verilator lint_on PINCONNECTEMPTY
  );

  gmmu_axi_reader #(
    .Readers(Walkers + 1)
  ) u_axi_reader (
    .clk_i,
    .rst_ni,
    .fetch_valid_i(fetch_valid),
    .fetch_ready_o(fetch_ready),
    .fetch_i(fetch),
    .data_valid_o(data_valid),
    .data_o(data),
    .data_error_o(data_error),
    .arvalid_o,
    .arready_i,
    .arid_o,
    .araddr_o,
    .arlen_o,
    .arsize_o,
    .arburst_o,
    .aruser_o,
    .rvalid_i,
    .rready_o,
    .rid_i,
    .rdata_i,
    .rresp_i,
    .rlast_i
  );

  logic [5:0] refusal;
  gmmu_pkg::response_t walk_response;
  assign refusal = gmmu_entry_pkg::refusal_of(leaf.kind, leaf.privilege, leaf.read_only,
                                              leaf.atomic_disable, request_q.access_type,
                                              request_q.privileged, modes_i.strong_override);
  always_comb begin
    if (result == gmmu_pkg::ResultTranslated && refusal[5])
      walk_response = gmmu_entry_pkg::addressless(
          request_q.tag, gmmu_pkg::OutcomeFaulted, refusal[4:0]);
    else if (result == gmmu_pkg::ResultTranslated)
      walk_response = gmmu_entry_pkg::translated(request_q.tag, request_q.va[20:0], leaf);
    else if (result == gmmu_pkg::ResultSparse)
      walk_response = gmmu_entry_pkg::addressless(
          request_q.tag, gmmu_pkg::OutcomeSparse, faultline_regs_pkg::FaultTypePde);
    else
      walk_response = gmmu_entry_pkg::addressless(
          request_q.tag, gmmu_pkg::OutcomeFaulted, walk_fault);
  end

  // 4. An answer of ours and a late one of control: one a cycle.
  logic faulted, is_bar, answers, reports, answer_taken, answer_over;
  assign faulted = response_q.outcome == gmmu_pkg::OutcomeFaulted;
  assign is_bar = asker_q == ForBar1 || asker_q == ForBar2;
  assign reports = state_q == StAnswer && !is_bar && (faulted || asker_q == ForControl);
  assign answers = state_q == StAnswer && asker_q == ForClient && !faulted;
  assign bar_report_valid_o = state_q == StAnswer && is_bar && faulted;
  assign answer_over = is_bar ? !faulted || bar_report_ready_i : reports || answer_taken;
  assign bar1_resp_valid_o = state_q == StAnswer && asker_q == ForBar1 && answer_over;
  assign bar2_resp_valid_o = state_q == StAnswer && asker_q == ForBar2 && answer_over;
  assign bar1_resp_o = response_q;
  assign bar2_resp_o = response_q;

  logic resp_valid, is_late, resp_taken;
  logic [1:0] resp_grant;
  logic [IndexBits-1:0] resp_port;
  gmmu_arbiter #(
    .N(2)
  ) u_responses (
    .clk_i,
    .rst_ni,
    .valid_i({late_valid_i, answers}),
    .ready_i(resp_taken),
    .valid_o(resp_valid),
    .grant_o(resp_grant),
    .index_o(is_late)
  );
  assign resp_port = is_late ? late_i.port[IndexBits-1:0] : port_q[IndexBits-1:0];
  assign resp_taken = resp_ready_i[resp_port];
  assign answer_taken = resp_grant[0] && resp_taken;
  assign late_ready_o = resp_grant[1] && resp_taken;
  for (genvar p = 0; p < NumPorts; p++) begin : gen_response
    assign resp_valid_o[p] = resp_valid && resp_port == IndexBits'(p);
    assign resp_o[p] = is_late ? late_i.response : response_q;
  end

  gmmu_pkg::report_t report, report_q;
  assign report = {port_q, asker_q == ForControl, replay_slot_q, binding_q, request_q, response_q};
  assign bar_report_o = report;
  assign report_valid_o = report_valid_q;
  assign report_o = report_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      report_valid_q <= 1'b0;
    end else begin
      case (state_q)
        StIdle: if (taken) state_q <= physical || modes_i.mmu_disable ? StAnswer : StBind;
        StBind:
        if (bound) begin
          if (binding.bound && request_q.va[63:gmmu_pkg::VaBits] == '0) state_q <= StWalk;
          else state_q <= StAnswer;
        end
        StWalk: if (walked) state_q <= StAnswer;
        StAnswer: if (answer_over) state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
      if (reports) report_valid_q <= 1'b1;
      else if (report_ready_i) report_valid_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == StIdle) begin
      asker_q <= asker;
      request_q <= request;
      port_q <= asker == ForControl ? reissue_i.port : gmmu_pkg::PortBits'(index);
      replay_slot_q <= reissue_i.replay_slot;
      response_q <= direct;
    end
    if (state_q == StBind && bound) begin
      binding_q <= binding;
      response_q <= gmmu_entry_pkg::addressless(
          request_q.tag, gmmu_pkg::OutcomeFaulted,
          binding.bound ? faultline_regs_pkg::FaultTypeVaLimitViolation :
          faultline_regs_pkg::FaultTypeUnboundInstBlock);
    end
    if (state_q == StWalk && walked) response_q <= walk_response;
    if (reports) report_q <= report;
  end

  // An answer that has begun is over in StIdle: whoever asked has it.
  assign invalidate_ready_o = state_q == StIdle;
  assign idle_o = state_q == StIdle && !report_valid_q;

endmodule
