// SPDX-License-Identifier: MIT
// Tells faults: as packets in the fault buffers, or in the snapshot (dev_mmu_fault).
//
// Promises: one record at a time, in order; words 0 to 6 of a packet are in memory before word 7,
// which holds VALID, is written, and that is before PUT moves; a packet that cannot be written is
// lost and sets the buffer's error.

module gmmu_gv100_reporter (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic              record_valid_i,
  output logic              record_ready_o,
  input  gmmu_pkg::record_t record_i,

  // The buffers: 0 non-replayable, 1 replayable.
  input  logic [1:0]       enabled_i,
  input  logic [1:0]       virtual_i,
  input  logic [1:0][1:0]  aperture_i,
  input  logic [1:0]       settled_i,  // what the next says
  input  logic [1:0]       room_i,
  input  logic [1:0][63:0] address_i,
  output logic [1:0]       reserve_o,
  output logic [1:0]       commit_o,
  output logic [1:0]       fail_o,

  output logic latch_o,  // record_i, into the snapshot
  output logic busy_o,  // a packet is being written

  output logic                bar2_valid_o,
  input  logic                bar2_ready_i,
  output logic [63:0]         bar2_address_o,
  input  logic                bar2_resp_valid_i,
  input  gmmu_pkg::response_t bar2_resp_i,

  output logic                           awvalid_o,
  input  logic                           awready_i,
  output logic [gmmu_pkg::AxiIdBits-1:0] awid_o,
  output logic [63:0]                    awaddr_o,
  output logic [7:0]                     awlen_o,
  output logic [2:0]                     awsize_o,
  output logic [1:0]                     awburst_o,
  output logic [1:0]                     awuser_o,
  output logic                           wvalid_o,
  input  logic                           wready_i,
  output logic [127:0]                   wdata_o,
  output logic [15:0]                    wstrb_o,
  output logic                           wlast_o,
  input  logic                           bvalid_i,
  output logic                           bready_o,  // of the only write in flight
  input  logic [1:0]                     bresp_i
);

  // 1. A fault of BAR1, BAR2 or PHYSICAL, of an unbound instance block, or whose buffer is disabled
  //    goes to the snapshot. Without room it is dropped.
  // 2. In a virtual buffer ask BAR2 for the address. Sparse: nothing is written, but PUT moves.
  //    A fault: the packet fails.
  // 3. Write words 0 to 6, two beats, and wait for the response.
  // 4. Write word 7, and wait for the response; then PUT moves.
  typedef enum logic [2:0] {
    StIdle,
    StAsk,
    StTranslate,
    StAddress,
    StFirst,
    StSecond,
    StResponse
  } state_e;
  state_e state_q;
  logic valid_part_q;  // step 4
  logic [1:0] which, aperture_q;
  logic [63:0] address_q;

  gmmu_pkg::request_t request;
  gmmu_pkg::instance_t inst;
  faultline_regs_pkg::mmu_fault_info_t info;
  assign request = record_i.request;
  assign inst = request.inst;
  assign which = record_i.replayable_fault ? 2'b10 : 2'b01;
  gmmu_gv100_info u_info (
    .record_i,
    .info_o(info)
  );

  logic to_snapshot, has_room, is_virtual;
  assign to_snapshot = request.engine_id == faultline_regs_pkg::EngineIdBar1 ||
                       request.engine_id == faultline_regs_pkg::EngineIdBar2 ||
                       request.engine_id == faultline_regs_pkg::EngineIdPhysical ||
                       record_i.fault_type == faultline_regs_pkg::FaultTypeUnboundInstBlock ||
                       (which & enabled_i) == '0;
  assign has_room = (which & room_i) != '0;
  assign is_virtual = (which & virtual_i) != '0;

  logic begins, ends, commits, fails;
  assign begins = state_q == StIdle && record_valid_i && settled_i == '1;
  assign latch_o = begins && to_snapshot;
  assign reserve_o = begins && !to_snapshot ? which : 2'b0;
  assign commits = (state_q == StTranslate && bar2_resp_valid_i &&
                    bar2_resp_i.outcome == gmmu_pkg::OutcomeSparse) ||
                   (state_q == StResponse && bvalid_i && bresp_i == 2'b0 && valid_part_q);
  assign fails = (state_q == StTranslate && bar2_resp_valid_i &&
                  bar2_resp_i.outcome == gmmu_pkg::OutcomeFaulted) ||
                 (state_q == StResponse && bvalid_i && bresp_i != 2'b0);
  assign ends = commits || fails;
  assign commit_o = commits ? which : 2'b0;
  assign fail_o = fails ? which : 2'b0;
  assign record_ready_o = ends || (begins && (to_snapshot || !has_room));
  assign busy_o = state_q != StIdle;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
    end else begin
      case (state_q)
        StIdle: if (begins && !to_snapshot && has_room) state_q <= is_virtual ? StAsk : StAddress;
        StAsk: if (bar2_ready_i) state_q <= StTranslate;
        StTranslate: if (bar2_resp_valid_i) state_q <= ends ? StIdle : StAddress;
        StAddress: if (awready_i) state_q <= valid_part_q ? StSecond : StFirst;
        StFirst: if (wready_i) state_q <= StSecond;
        StSecond: if (wready_i) state_q <= StResponse;
        StResponse: if (bvalid_i) state_q <= ends ? StIdle : StAddress;
        default: state_q <= StIdle;
      endcase
    end
  end
  always_ff @(posedge clk_i) begin
    if (state_q == StIdle) begin
      valid_part_q <= 1'b0;
      address_q <= record_i.replayable_fault ? address_i[1] : address_i[0];
      aperture_q <= record_i.replayable_fault ? aperture_i[1] : aperture_i[0];
    end else if (state_q == StTranslate && bar2_resp_valid_i) begin
      address_q <= bar2_resp_i.pa;
      aperture_q <= bar2_resp_i.aperture;
    end else if (state_q == StResponse && bvalid_i) begin
      valid_part_q <= 1'b1;
    end
  end

  assign bar2_valid_o = state_q == StAsk;
  assign bar2_address_o = address_q;

  // The packet, in the order of memory.
  faultline_regs_pkg::fault_packet_t packet;
  always_comb begin
    packet = '0;
    packet.inst_aperture = faultline_regs_pkg::pte_aperture_e'(inst.aperture);
    packet.inst_lo = inst.page[19:0];
    packet.inst_hi = inst.page[51:20];
    packet.addr_lo = request.va[31:12];
    packet.addr_hi = request.va[63:32];
    packet.timestamp_lo = record_i.timestamp[31:0];
    packet.timestamp_hi = record_i.timestamp[63:32];
    packet.engine_id = faultline_regs_pkg::engine_id_e'(request.engine_id);
  end
  logic [255:0] words;
  assign words = {info, packet[223:0]};

  localparam logic [2:0] Size16Bytes = 3'd4;
  localparam logic [1:0] BurstIncr = 2'b01;
  localparam int unsigned ValidBytes = 4;
  assign awvalid_o = state_q == StAddress;
  assign awid_o = '0;
  assign awaddr_o = {address_q[63:5], valid_part_q, 4'b0};
  assign awlen_o = valid_part_q ? 8'd0 : 8'd1;
  assign awsize_o = Size16Bytes;
  assign awburst_o = BurstIncr;
  assign awuser_o = aperture_q;
  assign wvalid_o = state_q == StFirst || state_q == StSecond;
  assign wdata_o = state_q == StFirst ? words[127:0] : words[255:128];
  always_comb begin
    if (state_q == StFirst) wstrb_o = '1;
    else if (valid_part_q) wstrb_o = {{ValidBytes{1'b1}}, {16 - ValidBytes{1'b0}}};
    else wstrb_o = {{ValidBytes{1'b0}}, {16 - ValidBytes{1'b1}}};
  end
  assign wlast_o = state_q == StSecond;
  assign bready_o = state_q == StResponse;

endmodule
