// SPDX-License-Identifier: MIT
// The GMMU on a handful of pins, to place and route it: its ports are far wider than any package.
//
// Every input comes from a long shift register that is filled bit by bit; every output goes to a
// register, and those are read out bit by bit. So each path of the GMMU begins and ends in a
// register, as beside registered neighbours, and nothing of it can be optimized away.

module gmmu_pins #(
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
  parameter int unsigned InvalidateDepth = 32
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic bit_i,  // the next bit of the inputs
  input  logic capture_i,  // the outputs, to read them
  output logic bit_o
);

  localparam int unsigned NumUtlbs = NumGpcs * UtlbsPerGpc;
  localparam int unsigned NumPorts = NumUtlbs + 1;
  localparam int unsigned InputBits = NumPorts * (2 + gmmu_pkg::RequestBits) +
                                      1 + gmmu_pkg::PortBits + gmmu_pkg::TagBits + 69 + 58 + 64 +
                                      1 + 1 + gmmu_pkg::AxiIdBits + 131 + 2 + 3;
  localparam int unsigned OutputBits = NumPorts * (2 + gmmu_pkg::ResponseBits) + NumUtlbs + 1 +
                                       2 + gmmu_pkg::ResponseBits + 34 + 64 +
                                       2 * (1 + gmmu_pkg::AxiIdBits + 79) + 1 + 146 + 1 + 1;

  logic rst_q;
  logic [InputBits-1:0] in_q;
  logic [OutputBits-1:0] out, out_q, shift_q;
  gmmu_pkg::response_t bar1_resp;
  always_ff @(posedge clk_i) begin
    rst_q <= rst_ni;
    in_q <= {in_q[InputBits-2:0], bit_i};
    out_q <= out;
    shift_q <= capture_i ? out_q : {1'b0, shift_q[OutputBits-1:1]};
  end
  assign bit_o = shift_q[0];

  logic [NumPorts-1:0] req_valid, req_ready, resp_valid, resp_ready;
  logic [NumPorts-1:0][gmmu_pkg::RequestBits-1:0] req;
  logic [NumPorts-1:0][gmmu_pkg::ResponseBits-1:0] resp;
  logic [NumUtlbs-1:0] space;
  logic withdraw_valid, withdraw_ready, bar1_valid, bar1_ready, bar1_resp_valid;
  gmmu_pkg::port_t withdraw_port;
  logic [gmmu_pkg::TagBits-1:0] withdraw_tag;
  logic [63:0] bar1_offset, now_ns, araddr, awaddr;
  logic [3:0] bar1_access_type;
  logic reg_valid, reg_write, reg_rvalid, reg_error, idle;
  logic [23:0] reg_addr;
  logic [31:0] reg_wdata, reg_rdata, irq_pending, irq_rose;
  logic arvalid, arready, rvalid, rready, rlast, awvalid, awready, wvalid, wready, wlast;
  logic bvalid, bready;
  logic [gmmu_pkg::AxiIdBits-1:0] arid, rid, awid;
  logic [7:0] arlen, awlen;
  logic [2:0] arsize, awsize;
  logic [1:0] arburst, aruser, awburst, awuser, rresp, bresp;
  logic [127:0] rdata, wdata;
  logic [15:0] wstrb;

  assign {req_valid, resp_ready, req, withdraw_valid, withdraw_port, withdraw_tag, bar1_valid,
          bar1_offset, bar1_access_type, reg_valid, reg_write, reg_addr, reg_wdata, now_ns,
          arready, rvalid, rid, rdata, rresp, rlast, awready, wready, bvalid, bresp} = in_q;
  assign out = {req_ready, resp_valid, resp, space, withdraw_ready, bar1_ready, bar1_resp_valid,
                bar1_resp, reg_rvalid, reg_rdata, reg_error, irq_pending, irq_rose, arvalid, arid,
                araddr, arlen, arsize, arburst, aruser, rready, awvalid, awid, awaddr, awlen,
                awsize, awburst, awuser, wvalid, wdata, wstrb, wlast, bready, idle};

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
    .InvalidateDepth(InvalidateDepth)
  ) u_gmmu (
    .clk_i,
    .rst_ni(rst_q),
    .req_valid_i(req_valid),
    .req_ready_o(req_ready),
    .req_i(req),
    .resp_valid_o(resp_valid),
    .resp_ready_i(resp_ready),
    .resp_o(resp),
    .space_o(space),
    .withdraw_valid_i(withdraw_valid),
    .withdraw_ready_o(withdraw_ready),
    .withdraw_port_i(withdraw_port),
    .withdraw_tag_i(withdraw_tag),
    .bar1_valid_i(bar1_valid),
    .bar1_ready_o(bar1_ready),
    .bar1_offset_i(bar1_offset),
    .bar1_access_type_i(bar1_access_type),
    .bar1_resp_valid_o(bar1_resp_valid),
    .bar1_resp_o(bar1_resp),
    .reg_valid_i(reg_valid),
    .reg_write_i(reg_write),
    .reg_addr_i(reg_addr),
    .reg_wdata_i(reg_wdata),
    .reg_rvalid_o(reg_rvalid),
    .reg_rdata_o(reg_rdata),
    .reg_error_o(reg_error),
    .irq_pending_o(irq_pending),
    .irq_rose_o(irq_rose),
    .now_ns_i(now_ns),
    .m_axi_arvalid_o(arvalid),
    .m_axi_arready_i(arready),
    .m_axi_arid_o(arid),
    .m_axi_araddr_o(araddr),
    .m_axi_arlen_o(arlen),
    .m_axi_arsize_o(arsize),
    .m_axi_arburst_o(arburst),
    .m_axi_aruser_o(aruser),
    .m_axi_rvalid_i(rvalid),
    .m_axi_rready_o(rready),
    .m_axi_rid_i(rid),
    .m_axi_rdata_i(rdata),
    .m_axi_rresp_i(rresp),
    .m_axi_rlast_i(rlast),
    .m_axi_awvalid_o(awvalid),
    .m_axi_awready_i(awready),
    .m_axi_awid_o(awid),
    .m_axi_awaddr_o(awaddr),
    .m_axi_awlen_o(awlen),
    .m_axi_awsize_o(awsize),
    .m_axi_awburst_o(awburst),
    .m_axi_awuser_o(awuser),
    .m_axi_wvalid_o(wvalid),
    .m_axi_wready_i(wready),
    .m_axi_wdata_o(wdata),
    .m_axi_wstrb_o(wstrb),
    .m_axi_wlast_o(wlast),
    .m_axi_bvalid_i(bvalid),
    .m_axi_bready_o(bready),
    .m_axi_bresp_i(bresp),
    .idle_o(idle)
  );

endmodule
