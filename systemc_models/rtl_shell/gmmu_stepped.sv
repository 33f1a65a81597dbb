// SPDX-License-Identifier: MIT
// The GMMU as a simulator steps it: what Verilator makes into C++.
//
// Each change of clk_i begins a cycle: one evaluation, not two. For waveforms, which are to show a
// clock, only its rise does.
// The inputs are taken with it into registers, so they stand beside the state of the cycle that
// begins, and one evaluation computes everything: with inputs that may change at any time Verilator
// computes what depends on them once more in each cycle.
//
// Messages have their fields in words of 64 bits, which C++ need not take apart bit by bit.

module gmmu_stepped #(
  parameter int unsigned NumGpcs = 4,
  parameter int unsigned UtlbsPerGpc = 9,
  parameter int unsigned UtlbEntries = 16,
  parameter int unsigned MissSlots = 4,
  parameter int unsigned L2Sets = 64,
  parameter int unsigned L2Ways = 8,
  parameter int unsigned Walkers = 4,
  parameter int unsigned Waiters = 16,
  parameter int unsigned PdeCacheEntries = 16,
  parameter int unsigned BindingEntries = 8,
  parameter int unsigned ReplayDepth = 64,
  parameter int unsigned InvalidateDepth = 32,
  parameter int unsigned DefaultFaultBufferEntries = 1024,
  localparam int unsigned NumUtlbs = NumGpcs * UtlbsPerGpc,
  localparam int unsigned NumPorts = NumUtlbs + 1
) (
  input  logic clk_i,
  input  logic both_edges_i,
  input  logic rst_ni,

  input  logic [NumPorts-1:0] req_valid_i,
  output logic [NumPorts-1:0] req_ready_o,
  input  logic [63:0]         req_va_i[NumPorts],
  input  logic [63:0]         req_instance_i[NumPorts],
  input  logic [63:0]         req_client_i[NumPorts],
  output logic [NumPorts-1:0] resp_valid_o,
  input  logic [NumPorts-1:0] resp_ready_i,
  output logic [63:0]         resp_pa_o[NumPorts],
  output logic [63:0]         resp_page_o[NumPorts],
  output logic [NumUtlbs-1:0] space_o,
  input  logic                         withdraw_valid_i,
  output logic                         withdraw_ready_o,
  input  gmmu_pkg::port_t              withdraw_port_i,
  input  logic [gmmu_pkg::TagBits-1:0] withdraw_tag_i,

  input  logic        bar1_valid_i,
  output logic        bar1_ready_o,
  input  logic [63:0] bar1_offset_i,
  input  logic [3:0]  bar1_access_type_i,  // access_type_e
  output logic        bar1_resp_valid_o,
  output logic [63:0] bar1_resp_pa_o,
  output logic [63:0] bar1_resp_page_o,

  input  logic        reg_valid_i,
  input  logic        reg_write_i,
  input  logic [23:0] reg_addr_i,
  input  logic [31:0] reg_wdata_i,
  output logic        reg_rvalid_o,
  output logic [31:0] reg_rdata_o,
  output logic        reg_error_o,

  output logic [31:0] irq_pending_o,  // niso_intr_t
  output logic [31:0] irq_rose_o,
  input  logic [63:0] now_ns_i,

  output logic                           m_axi_arvalid_o,
  input  logic                           m_axi_arready_i,
  output logic [gmmu_pkg::AxiIdBits-1:0] m_axi_arid_o,
  output logic [63:0]                    m_axi_araddr_o,
  output logic [1:0]                     m_axi_aruser_o,
  input  logic                           m_axi_rvalid_i,
  output logic                           m_axi_rready_o,
  input  logic [gmmu_pkg::AxiIdBits-1:0] m_axi_rid_i,
  input  logic [127:0]                   m_axi_rdata_i,
  input  logic [1:0]                     m_axi_rresp_i,
  input  logic                           m_axi_rlast_i,
  output logic                           m_axi_awvalid_o,
  input  logic                           m_axi_awready_i,
  output logic [63:0]                    m_axi_awaddr_o,
  output logic [1:0]                     m_axi_awuser_o,
  output logic                           m_axi_wvalid_o,
  input  logic                           m_axi_wready_i,
  output logic [127:0]                   m_axi_wdata_o,
  output logic [15:0]                    m_axi_wstrb_o,
  output logic                           m_axi_wlast_o,
  input  logic                           m_axi_bvalid_i,
  output logic                           m_axi_bready_o,
  input  logic [1:0]                     m_axi_bresp_i,

  output logic idle_o  // nothing is in flight, but for what the inputs of this cycle bring
);

  // A clock that falls by itself, in the evaluation in which it rose.
  logic clk, edge_q;
  assign clk = both_edges_i ? clk_i != edge_q : clk_i;
  always_ff @(posedge clk) edge_q <= clk_i;

  // The registers have clocks of their own, which stand while inputs stay: then what hangs on them
  // is not evaluated. Inputs change while clk is low, and a register that has taken one only ends a
  // pulse.
  logic [NumPorts-1:0] req_valid_q, resp_ready_q;
  logic withdraw_valid_q, bar1_valid_q, reg_valid_q;
  logic rvalid_q, bvalid_q, arready_q, awready_q, wready_q;
  logic client_clk, other_clk;
  assign client_clk = clk && (!rst_ni || req_valid_i != '0 || req_valid_q != '0 ||
                              resp_ready_i != resp_ready_q);
  assign other_clk = clk && (!rst_ni || withdraw_valid_i || withdraw_valid_q || bar1_valid_i ||
                             bar1_valid_q || reg_valid_i || reg_valid_q || m_axi_rvalid_i ||
                             rvalid_q || m_axi_bvalid_i || bvalid_q ||
                             {m_axi_arready_i, m_axi_awready_i, m_axi_wready_i} !=
                             {arready_q, awready_q, wready_q});

  // What asks for something: nothing does after a reset. What goes with it is kept until the next.
  logic [NumPorts-1:0][gmmu_pkg::RequestBits-1:0] req_q;
  always_ff @(posedge client_clk) begin
    if (!rst_ni) req_valid_q <= '0;
    else req_valid_q <= req_valid_i;
    resp_ready_q <= resp_ready_i;
  end
  for (genvar p = 0; p < NumPorts; p++) begin : gen_request
    gmmu_pkg::request_t request;
    assign request.va = req_va_i[p];
    assign {request.access_type, request.privileged, request.inst} = req_instance_i[p][58:0];
    assign {request.engine_id, request.client_type, request.client, request.gpc_id, request.tag} =
        req_client_i[p][37:0];
    always_ff @(posedge client_clk) begin
      if (req_valid_i[p]) req_q[p] <= request;
    end
  end

  gmmu_pkg::port_t withdraw_port_q;
  logic [gmmu_pkg::TagBits-1:0] withdraw_tag_q;
  logic [63:0] bar1_offset_q;
  logic [3:0] bar1_access_type_q;
  logic reg_write_q;
  logic [23:0] reg_addr_q;
  logic [31:0] reg_wdata_q;
  always_ff @(posedge other_clk) begin
    if (!rst_ni) begin
      withdraw_valid_q <= 1'b0;
      bar1_valid_q <= 1'b0;
      reg_valid_q <= 1'b0;
    end else begin
      withdraw_valid_q <= withdraw_valid_i;
      bar1_valid_q <= bar1_valid_i;
      reg_valid_q <= reg_valid_i;
    end
    if (withdraw_valid_i) begin
      withdraw_port_q <= withdraw_port_i;
      withdraw_tag_q <= withdraw_tag_i;
    end
    if (bar1_valid_i) begin
      bar1_offset_q <= bar1_offset_i;
      bar1_access_type_q <= bar1_access_type_i;
    end
    if (reg_valid_i) begin
      reg_write_q <= reg_write_i;
      reg_addr_q <= reg_addr_i;
      reg_wdata_q <= reg_wdata_i;
    end
  end

  // Memory takes what it is offered in cycles of its own choice.
  logic [gmmu_pkg::AxiIdBits-1:0] rid_q;
  logic [127:0] rdata_q;
  logic [1:0] rresp_q, bresp_q;
  logic rlast_q;
  always_ff @(posedge other_clk) begin
    if (!rst_ni) begin
      rvalid_q <= 1'b0;
      bvalid_q <= 1'b0;
    end else begin
      rvalid_q <= m_axi_rvalid_i;
      bvalid_q <= m_axi_bvalid_i;
    end
    arready_q <= m_axi_arready_i;
    awready_q <= m_axi_awready_i;
    wready_q <= m_axi_wready_i;
    if (m_axi_rvalid_i) begin
      rid_q <= m_axi_rid_i;
      rdata_q <= m_axi_rdata_i;
      rresp_q <= m_axi_rresp_i;
      rlast_q <= m_axi_rlast_i;
    end
    if (m_axi_bvalid_i) bresp_q <= m_axi_bresp_i;
  end

  logic [63:0] now_ns_q;
  always_ff @(posedge clk) now_ns_q <= now_ns_i;

  logic [NumPorts-1:0][gmmu_pkg::ResponseBits-1:0] resp;
  gmmu_pkg::response_t bar1_resp;
  for (genvar p = 0; p < NumPorts; p++) begin : gen_response
    gmmu_pkg::response_t response;
    assign response = resp[p];
    assign resp_pa_o[p] = response.pa;
    assign resp_page_o[p] = page_word(response);
  end
  assign bar1_resp_pa_o = bar1_resp.pa;
  assign bar1_resp_page_o = page_word(bar1_resp);

  // A response but its address.
  function automatic logic [63:0] page_word(input gmmu_pkg::response_t response);
    page_word = {
      22'b0,
      response.tag,
      response.outcome,
      response.aperture,
      response.peer,
      response.page_size,
      response.vol,
      response.read_only,
      response.atomic_disable,
      response.kind,
      response.fault_type
    };
  endfunction

  // What is the same in all reads, and in all writes of packets.
  logic [gmmu_pkg::AxiIdBits-1:0] awid;
  logic [7:0] arlen, awlen;
  logic [2:0] arsize, awsize;
  logic [1:0] arburst, awburst;
  gmmu #(
    .NumGpcs(NumGpcs),
    .UtlbsPerGpc(UtlbsPerGpc),
    .UtlbEntries(UtlbEntries),
    .MissSlots(MissSlots),
    .L2Sets(L2Sets),
    .L2Ways(L2Ways),
    .Walkers(Walkers),
    .Waiters(Waiters),
    .PdeCacheEntries(PdeCacheEntries),
    .BindingEntries(BindingEntries),
    .ReplayDepth(ReplayDepth),
    .InvalidateDepth(InvalidateDepth),
    .DefaultFaultBufferEntries(DefaultFaultBufferEntries)
  ) u_gmmu (
    .clk_i(clk),
    .rst_ni,
    .req_valid_i(req_valid_q),
    .req_ready_o,
    .req_i(req_q),
    .resp_valid_o,
    .resp_ready_i(resp_ready_q),
    .resp_o(resp),
    .space_o,
    .withdraw_valid_i(withdraw_valid_q),
    .withdraw_ready_o,
    .withdraw_port_i(withdraw_port_q),
    .withdraw_tag_i(withdraw_tag_q),
    .bar1_valid_i(bar1_valid_q),
    .bar1_ready_o,
    .bar1_offset_i(bar1_offset_q),
    .bar1_access_type_i(bar1_access_type_q),
    .bar1_resp_valid_o,
    .bar1_resp_o(bar1_resp),
    .reg_valid_i(reg_valid_q),
    .reg_write_i(reg_write_q),
    .reg_addr_i(reg_addr_q),
    .reg_wdata_i(reg_wdata_q),
    .reg_rvalid_o,
    .reg_rdata_o,
    .reg_error_o,
    .irq_pending_o,
    .irq_rose_o,
    .now_ns_i(now_ns_q),
    .m_axi_arvalid_o,
    .m_axi_arready_i(arready_q),
    .m_axi_arid_o,
    .m_axi_araddr_o,
    .m_axi_arlen_o(arlen),
    .m_axi_arsize_o(arsize),
    .m_axi_arburst_o(arburst),
    .m_axi_aruser_o,
    .m_axi_rvalid_i(rvalid_q),
    .m_axi_rready_o,
    .m_axi_rid_i(rid_q),
    .m_axi_rdata_i(rdata_q),
    .m_axi_rresp_i(rresp_q),
    .m_axi_rlast_i(rlast_q),
    .m_axi_awvalid_o,
    .m_axi_awready_i(awready_q),
    .m_axi_awid_o(awid),
    .m_axi_awaddr_o,
    .m_axi_awlen_o(awlen),
    .m_axi_awsize_o(awsize),
    .m_axi_awburst_o(awburst),
    .m_axi_awuser_o,
    .m_axi_wvalid_o,
    .m_axi_wready_i(wready_q),
    .m_axi_wdata_o,
    .m_axi_wstrb_o,
    .m_axi_wlast_o,
    .m_axi_bvalid_i(bvalid_q),
    .m_axi_bready_o,
    .m_axi_bresp_i(bresp_q),
    .idle_o
  );

endmodule
