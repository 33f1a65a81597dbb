// SPDX-License-Identifier: MIT
// Everything beside translation: faults, replay, cancel, invalidates, and the GV100 front end with
// its registers, fault buffers, snapshot and interrupts.
//
// Nothing but instances and what joins them.

module gmmu_control #(
  parameter int unsigned NumGpcs = 4,
  parameter int unsigned UtlbsPerGpc = 9,
  parameter int unsigned ReplayDepth = 64,
  parameter int unsigned InvalidateDepth = 32,
  parameter int unsigned DefaultFaultBufferEntries = 1024,
  localparam int unsigned NumUtlbs = NumGpcs * UtlbsPerGpc
) (
  input  logic clk_i,
  input  logic rst_ni,

  // Faults, and the ends of reissued requests. Taken one at a time.
  input  logic              report_valid_i,
  output logic              report_ready_o,
  input  gmmu_pkg::report_t report_i,
  // Faults of the BARs, for the snapshot only. Taken even while a packet waits for BAR2.
  input  logic              bar_report_valid_i,
  output logic              bar_report_ready_o,
  input  gmmu_pkg::report_t bar_report_i,
  // To the clients: what became of reports.
  output logic            late_valid_o,
  input  logic            late_ready_i,
  output gmmu_pkg::late_t late_o,
  // Parked requests, to be translated again. Each comes back as a report with `replayed`.
  output logic               reissue_valid_o,
  input  logic               reissue_ready_i,
  output gmmu_pkg::reissue_t reissue_o,
  // The ports take no new requests.
  output logic lockdown_o,
  // Ready means done. No reissued request is on its way while this is valid.
  output logic                  invalidate_valid_o,
  input  logic                  invalidate_ready_i,
  output gmmu_pkg::invalidate_t invalidate_o,
  // Addresses of packets in virtual buffers.
  output logic                bar2_valid_o,
  input  logic                bar2_ready_i,
  output logic [63:0]         bar2_address_o,
  input  logic                bar2_resp_valid_i,
  input  gmmu_pkg::response_t bar2_resp_i,

  output gmmu_pkg::modes_t                modes_o,
  output faultline_regs_pkg::bar1_block_t bar1_block_o,
  output faultline_regs_pkg::bar2_block_t bar2_block_o,
  output logic                            bar1_hold_o,  // its binding may be an old one

  output logic [NumUtlbs-1:0] space_o,
  input  logic                         withdraw_valid_i,
  output logic                         withdraw_ready_o,
  input  gmmu_pkg::port_t              withdraw_port_i,
  input  logic [gmmu_pkg::TagBits-1:0] withdraw_tag_i,

  input  logic        reg_valid_i,
  input  logic        reg_write_i,
  input  logic [23:0] reg_addr_i,
  input  logic [31:0] reg_wdata_i,
  output logic        reg_rvalid_o,
  output logic [31:0] reg_rdata_o,
  output logic        reg_error_o,

  output logic [31:0] irq_pending_o,
  output logic [31:0] irq_rose_o,
  input  logic [63:0] now_ns_i,

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
  output logic                           bready_o,
  input  logic [1:0]                     bresp_i,

  output logic idle_o,
  output logic active_o  // the next edge of the clock counts
);

  // Faults.
  logic send_none, queue_full, queue_withdrawn, park, refuse, ends, keep, cancelled, replay_begins;
  logic record_valid, record_ready, fault_busy;
  gmmu_pkg::report_t report;
  gmmu_pkg::record_t record;
  gmmu_pkg::operation_t pushed, operation;
  gmmu_fault_unit u_fault_unit (
    .clk_i,
    .rst_ni,
    .send_none_i(send_none),
    .now_ns_i,
    .report_valid_i,
    .report_ready_o,
    .report_i,
    .report_o(report),
    .queue_full_i(queue_full),
    .queue_withdrawn_i(queue_withdrawn),
    .queue_park_o(park),
    .queue_refuse_o(refuse),
    .queue_end_o(ends),
    .queue_keep_o(keep),
    .cancelled_i(cancelled),
    .replay_begins_i(replay_begins),
    .record_valid_o(record_valid),
    .record_ready_i(record_ready),
    .record_o(record),
    .late_valid_o,
    .late_ready_i,
    .late_o,
    .busy_o(fault_busy)
  );

  gmmu_cancel #(
    .NumGpcs(NumGpcs),
    .UtlbsPerGpc(UtlbsPerGpc)
  ) u_cancel (
    .operation_i(operation),
    .report_i(report),
    .cancelled_o(cancelled)
  );

  logic replay, replay_ready, replay_busy, queue_active;
  gmmu_replay_queue #(
    .Lists(NumUtlbs),
    .Depth(ReplayDepth)
  ) u_replay_queue (
    .clk_i,
    .rst_ni,
    .list_i(report.port),
    .full_o(queue_full),
    .park_i(park),
    .refuse_i(refuse),
    .request_i(report.request),
    .slot_i(report.replay_slot),
    .withdrawn_o(queue_withdrawn),
    .end_i(ends),
    .keep_i(keep),
    .space_o,
    .start_i(replay),
    .start_ready_o(replay_ready),
    .busy_o(replay_busy),
    .reissue_valid_o,
    .reissue_ready_i,
    .reissue_o,
    .withdraw_valid_i,
    .withdraw_ready_o,
    .withdraw_port_i,
    .withdraw_tag_i,
    .answering_i(fault_busy),
    .active_o(queue_active)
  );

  // Invalidates.
  logic push, flush_all, flush_bindings, fifo_empty, fifo_error, fifo_error_clear, engine_idle;
  logic [7:0] fifo_space;
  gmmu_invalidate_engine #(
    .Depth(InvalidateDepth)
  ) u_invalidate_engine (
    .clk_i,
    .rst_ni,
    .push_i(push),
    .operation_i(pushed),
    .flush_all_i(flush_all),
    .flush_bindings_i(flush_bindings),
    .bindings_pending_o(bar1_hold_o),
    .empty_o(fifo_empty),
    .space_o(fifo_space),
    .error_o(fifo_error),
    .error_clear_i(fifo_error_clear),
    .invalidate_valid_o,
    .invalidate_ready_i,
    .invalidate_o,
    .replay_o(replay),
    .replay_ready_i(replay_ready),
    .replay_busy_i(replay_busy),
    .replay_operation_o(operation),
    .replay_begins_o(replay_begins),
    .lockdown_o,
    .idle_o(engine_idle)
  );

  // Where faults are told.
  logic [1:0] enabled, is_virtual, settled, room, reserve, commit, fail, error;
  logic [1:0][1:0] aperture;
  logic [1:0][63:0] address;
  logic latch, packet_busy;
  gmmu_gv100_reporter u_reporter (
    .clk_i,
    .rst_ni,
    .record_valid_i(record_valid),
    .record_ready_o(record_ready),
    .record_i(record),
    .enabled_i(enabled),
    .virtual_i(is_virtual),
    .aperture_i(aperture),
    .settled_i(settled),
    .room_i(room),
    .address_i(address),
    .reserve_o(reserve),
    .commit_o(commit),
    .fail_o(fail),
    .latch_o(latch),
    .busy_o(packet_busy),
    .bar2_valid_o,
    .bar2_ready_i,
    .bar2_address_o,
    .bar2_resp_valid_i,
    .bar2_resp_i,
    .awvalid_o,
    .awready_i,
    .awid_o,
    .awaddr_o,
    .awlen_o,
    .awsize_o,
    .awburst_o,
    .awuser_o,
    .wvalid_o,
    .wready_i,
    .wdata_o,
    .wstrb_o,
    .wlast_o,
    .bvalid_i,
    .bready_o,
    .bresp_i
  );

  logic [1:0] lo_write, hi_write, get_write, size_write, pending, overflow, corrupted, notifies;
  logic [1:0][31:0] buffer_lo, buffer_hi, buffer_get, buffer_put, buffer_size;
  for (genvar i = 0; i < 2; i++) begin : gen_buffer
    faultline_regs_pkg::mmu_fault_buffer_lo_t lo;
    faultline_regs_pkg::mmu_fault_buffer_get_t get;
    faultline_regs_pkg::mmu_fault_buffer_put_t put;
    faultline_regs_pkg::mmu_fault_buffer_size_t size;
    gmmu_gv100_fault_buffer #(
      .DefaultEntries(DefaultFaultBufferEntries)
    ) u_fault_buffer (
      .clk_i,
      .rst_ni,
      .lo_write_i(lo_write[i]),
      .hi_write_i(hi_write[i]),
      .get_write_i(get_write[i]),
      .size_write_i(size_write[i]),
      .wdata_i(reg_wdata_i),
      .lo_o(lo),
      .hi_o(buffer_hi[i]),
      .get_o(get),
      .put_o(put),
      .size_o(size),
      .error_o(error[i]),
      .settled_o(settled[i]),
      .reserve_i(reserve[i]),
      .room_o(room[i]),
      .address_o(address[i]),
      .commit_i(commit[i]),
      .fail_i(fail[i])
    );
    assign buffer_lo[i] = lo;
    assign buffer_get[i] = get;
    assign buffer_put[i] = put;
    assign buffer_size[i] = size;
    assign enabled[i] = size.enable;
    assign is_virtual[i] = lo.addr_mode == faultline_regs_pkg::FaultBufferAddrModeVirtual;
    assign aperture[i] = lo.phys_aperture;
    assign pending[i] = get.ptr != put.ptr;
    assign overflow[i] = get.overflow;
    assign corrupted[i] = get.getptr_corrupted;
    assign notifies[i] = get.overflow && size.overflow_intr;
  end

  // The snapshot: the packet writer's records go before those of the BARs.
  gmmu_pkg::record_t bar_record;
  gmmu_pkg::binding_t bar_binding;
  gmmu_pkg::response_t bar_response;
  assign bar_binding = bar_report_i.binding;
  assign bar_response = bar_report_i.response;
  assign bar_record.request = bar_report_i.request;
  assign bar_record.fault_type = bar_response.fault_type;
  assign bar_record.replayable_fault = 1'b0;
  assign bar_record.replayable_fault_en =
      bar_binding.bound && (bar_binding.replay_tex || bar_binding.replay_gcc);
  assign bar_record.timestamp = '0;  // the snapshot has none
  assign bar_report_ready_o = !latch;

  logic status_write;
  logic [31:0] addr_hi, inst_hi;
  faultline_regs_pkg::mmu_fault_status_t snapshot_status, status;
  faultline_regs_pkg::mmu_fault_addr_lo_t addr_lo;
  faultline_regs_pkg::mmu_fault_inst_lo_t inst_lo;
  faultline_regs_pkg::mmu_fault_info_t info;
  gmmu_pkg::record_t latched;
  assign latched = latch ? record : bar_record;
  gmmu_gv100_snapshot u_snapshot (
    .clk_i,
    .rst_ni,
    .latch_i(latch || bar_report_valid_i),
    .record_i(latched),
    .status_write_i(status_write),
    .wdata_i(reg_wdata_i),
    .status_o(snapshot_status),
    .addr_lo_o(addr_lo),
    .addr_hi_o(addr_hi),
    .inst_lo_o(inst_lo),
    .inst_hi_o(inst_hi),
    .info_o(info)
  );
  localparam int unsigned NonReplayable = 32'(faultline_regs_pkg::FaultBufferNonReplayable);
  localparam int unsigned Replayable = 32'(faultline_regs_pkg::FaultBufferReplayable);
  always_comb begin
    status = snapshot_status;
    status.replayable = pending[Replayable];
    status.non_replayable = pending[NonReplayable];
    status.replayable_error = error[Replayable];
    status.non_replayable_error = error[NonReplayable];
    status.replayable_overflow = overflow[Replayable];
    status.non_replayable_overflow = overflow[NonReplayable];
    status.replayable_getptr_corrupted = corrupted[Replayable];
    status.non_replayable_getptr_corrupted = corrupted[NonReplayable];
    status.busy = packet_busy;
  end

  // The non-replayable buffer's notify is withheld while its overflow interrupts.
  faultline_regs_pkg::niso_intr_t niso_level;
  logic [31:0] niso_enabled;
  logic en_set_write, en_clr_write, interrupts_active;
  always_comb begin
    niso_level = '0;
    niso_level.mmu_replayable_fault_notify = pending[Replayable];
    niso_level.mmu_replayable_fault_overflow = notifies[Replayable];
    niso_level.mmu_nonreplayable_fault_notify = pending[NonReplayable] && !notifies[NonReplayable];
    niso_level.mmu_nonreplayable_fault_overflow = notifies[NonReplayable];
    niso_level.mmu_other_fault_notify = snapshot_status.valid;
  end
  gmmu_gv100_interrupts u_interrupts (
    .clk_i,
    .rst_ni,
    .level_i(niso_level),
    .en_set_write_i(en_set_write),
    .en_clr_write_i(en_clr_write),
    .wdata_i(reg_wdata_i),
    .enabled_o(niso_enabled),
    .pending_o(irq_pending_o),
    .rose_o(irq_rose_o),
    .active_o(interrupts_active)
  );

  gmmu_gv100_registers u_registers (
    .clk_i,
    .rst_ni,
    .valid_i(reg_valid_i),
    .write_i(reg_write_i),
    .addr_i(reg_addr_i),
    .wdata_i(reg_wdata_i),
    .rvalid_o(reg_rvalid_o),
    .rdata_o(reg_rdata_o),
    .error_o(reg_error_o),
    .buffer_lo_write_o(lo_write),
    .buffer_hi_write_o(hi_write),
    .buffer_get_write_o(get_write),
    .buffer_size_write_o(size_write),
    .status_write_o(status_write),
    .en_set_write_o(en_set_write),
    .en_clr_write_o(en_clr_write),
    .fifo_error_clear_o(fifo_error_clear),
    .flush_all_o(flush_all),
    .flush_bindings_o(flush_bindings),
    .push_o(push),
    .operation_o(pushed),
    .buffer_lo_i(buffer_lo),
    .buffer_hi_i(buffer_hi),
    .buffer_get_i(buffer_get),
    .buffer_put_i(buffer_put),
    .buffer_size_i(buffer_size),
    .addr_lo_i(addr_lo),
    .addr_hi_i(addr_hi),
    .inst_lo_i(inst_lo),
    .inst_hi_i(inst_hi),
    .info_i(info),
    .status_i(status),
    .niso_level_i(niso_level),
    .niso_enabled_i(niso_enabled),
    .fifo_empty_i(fifo_empty),
    .fifo_space_i(fifo_space),
    .fifo_error_i(fifo_error),
    .modes_o,
    .send_none_o(send_none),
    .bar1_block_o,
    .bar2_block_o
  );

  assign idle_o = engine_idle && !fault_busy && !report_valid_i && !withdraw_valid_i &&
                  space_o == '0 && irq_rose_o == '0;

  // A packet is written while the fault unit is busy.
  assign active_o = reg_valid_i || reg_rvalid_o || report_valid_i || bar_report_valid_i ||
                    withdraw_valid_i || !engine_idle || fault_busy || queue_active ||
                    interrupts_active;

endmodule
