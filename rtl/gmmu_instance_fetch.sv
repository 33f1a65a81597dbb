// SPDX-License-Identifier: MIT
// Reads what an instance block says to an engine (dev_ram).
//
// Promises: each start ends in one `done_o` pulse with a binding; `bound` is set only if the engine
// has a page-directory base, in the version 2 format with 64 KiB big pages, and memory answered.

module gmmu_instance_fetch (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic                start_i,
  input  gmmu_pkg::instance_t inst_i,  // both stay until done
  input  logic [8:0]          engine_id_i,
  output logic                idle_o,
  output logic                done_o,
  output gmmu_pkg::binding_t  binding_o,

  output logic             fetch_valid_o,
  input  logic             fetch_ready_i,
  output gmmu_pkg::fetch_t fetch_o,
  input  logic             data_valid_i,
  input  logic [127:0]     data_i,
  input  logic             data_error_i
);

  // The order of reads:
  // 0. The end of the block: memory must answer for all of it.
  // 1. An engine without subcontexts has the block's own entry, which is all.
  // 2. Graphics engine 64 + n has subcontext n, if its bit in SC_PDB_VALID is set.
  // 3. The subcontext's entry says where its page directory is. Target INVALID is unbound.
  // 4. The modes are those of the last bind that is not an unbind; subcontexts are bound in
  //    ascending order, so the highest valid one above n whose target is not INVALID decides for
  //    all, else n itself.
  typedef enum logic [2:0] {
    StepEnd,
    StepMain,
    StepValid,
    StepOwn,
    StepModes
  } step_e;
  typedef enum logic [2:0] {
    StIdle,
    StFetch,
    StWait,
    StDecode,
    StDone
  } state_e;

  localparam logic [8:0] FirstVeid = faultline_regs_pkg::EngineIdGraphics;
  localparam int unsigned Veids = faultline_regs_pkg::INSTANCE_BLOCK_SC_PDB_VALID_COUNT;
  // Places in the block, in reads of 16 bytes.
  localparam int unsigned WordsPerRead = 4;
  localparam logic [7:0] EndRead =
      8'((faultline_regs_pkg::INSTANCE_BLOCK_WORDS - 1) / WordsPerRead);
  localparam logic [7:0] MainRead =
      8'(faultline_regs_pkg::INSTANCE_BLOCK_PAGE_DIR_BASE_TARGET_WORD / WordsPerRead);
  localparam logic [7:0] ValidRead =
      8'(faultline_regs_pkg::INSTANCE_BLOCK_SC_PDB_VALID_WORD / WordsPerRead);
  localparam int unsigned ValidLsb =
      32 * (faultline_regs_pkg::INSTANCE_BLOCK_SC_PDB_VALID_WORD % WordsPerRead);
  localparam logic [7:0] SubcontextRead =
      8'(faultline_regs_pkg::INSTANCE_BLOCK_SC_PAGE_DIR_BASE_TARGET_WORD / WordsPerRead);

  state_e state_q;
  step_e step_q;
  logic [5:0] veid, index_q;  // whose entry we read
  logic [127:0] data_q;
  logic error_q;
  logic [Veids-1:0] above_q;  // valid subcontexts that may decide the modes, the highest first
  gmmu_pkg::binding_t binding_q;

  logic has_veid;
  assign has_veid = engine_id_i >= FirstVeid && engine_id_i < FirstVeid + 9'(Veids);
  assign veid = 6'(engine_id_i - FirstVeid);

  // An entry: all of them are laid out as the block's own.
  logic [31:0] lo, hi;
  logic [1:0] target;
  logic target_valid, format_valid, replay_tex, replay_gcc;
  assign lo = data_q[31:0];
  assign hi = data_q[63:32];
  assign target = lo[faultline_regs_pkg::INSTANCE_BLOCK_PAGE_DIR_BASE_TARGET_LSB+:2];
  assign target_valid = target != faultline_regs_pkg::PdbTargetInvalid;
  assign format_valid = lo[faultline_regs_pkg::INSTANCE_BLOCK_USE_VER2_PT_FORMAT_LSB] &&
                        lo[faultline_regs_pkg::INSTANCE_BLOCK_BIG_PAGE_SIZE_LSB];
  assign replay_tex = lo[faultline_regs_pkg::INSTANCE_BLOCK_PAGE_DIR_BASE_FAULT_REPLAY_TEX_LSB];
  assign replay_gcc = lo[faultline_regs_pkg::INSTANCE_BLOCK_PAGE_DIR_BASE_FAULT_REPLAY_GCC_LSB];

  // The first of those above, and its number: known two cycles after they are, when the next entry
  // is decoded at the earliest.
  logic [Veids-1:0] valid_bits, higher, above, first_above, first_above_q;
  logic [5:0] rank, rank_q, highest;
  assign valid_bits = data_q[ValidLsb+:Veids];
  assign higher = valid_bits & ({{Veids - 1{1'b1}}, 1'b0} << veid);
  for (genvar i = 0; i < Veids; i++) begin : gen_above
    assign above[Veids-1-i] = higher[i];
  end
  gmmu_first #(
    .N(Veids)
  ) u_first_above (
    .bits_i(above_q),
    .first_o(first_above)
  );
  gmmu_encoder #(
    .N(Veids)
  ) u_rank (
    .one_hot_i(first_above_q),
    .index_o(rank)
  );
  always_ff @(posedge clk_i) begin
    first_above_q <= first_above;
    rank_q <= rank;
  end
  assign highest = ~rank_q;

  logic ends;  // this entry is the last that we need
  always_comb begin
    case (step_q)
      StepEnd: ends = 1'b0;
      StepMain: ends = 1'b1;
      StepValid: ends = !valid_bits[veid];
      StepOwn: ends = !target_valid || above_q == '0;
      StepModes: ends = target_valid || above_q == '0;
      default: ends = 1'b1;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
    end else begin
      case (state_q)
        // The memory of a peer holds no instance blocks.
        StIdle:
        if (start_i) begin
          state_q <= inst_i.aperture == faultline_regs_pkg::PteAperturePeer ? StDone : StFetch;
        end
        StFetch: if (fetch_ready_i) state_q <= StWait;
        StWait: if (data_valid_i) state_q <= StDecode;
        StDecode: state_q <= error_q || ends ? StDone : StFetch;
        StDone: state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == StIdle) begin
      step_q <= StepEnd;
      binding_q.bound <= 1'b0;
    end
    if (state_q == StWait && data_valid_i) begin
      data_q <= data_i;
      error_q <= data_error_i;
    end
    if (state_q == StDecode) begin
      index_q <= step_q == StepValid ? veid : highest;
      case (step_q)
        StepEnd: step_q <= has_veid ? StepValid : StepMain;
        StepValid: begin
          step_q <= StepOwn;
          above_q <= above;
        end
        StepMain, StepOwn: begin
          step_q <= StepModes;
          binding_q <= {target_valid && format_valid, replay_tex, replay_gcc,
                        {hi, lo[31:faultline_regs_pkg::INSTANCE_BLOCK_PAGE_DIR_BASE_LO_LSB]},
                        target};
        end
        default:
        if (target_valid) begin
          binding_q.bound <= format_valid;
          binding_q.replay_tex <= replay_tex;
          binding_q.replay_gcc <= replay_gcc;
        end
      endcase
      if (step_q == StepOwn || step_q == StepModes) above_q[rank_q] <= 1'b0;
      if (error_q) binding_q.bound <= 1'b0;
    end
  end

  logic [7:0] place;
  always_comb begin
    case (step_q)
      StepEnd: place = EndRead;
      StepMain: place = MainRead;
      StepValid: place = ValidRead;
      default: place = SubcontextRead + {2'b0, index_q};
    endcase
  end
  assign fetch_valid_o = state_q == StFetch;
  assign fetch_o.aperture = inst_i.aperture;
  assign fetch_o.address = {inst_i.page, place, 4'b0};

  assign idle_o = state_q == StIdle;
  assign done_o = state_q == StDone;
  assign binding_o = binding_q;

endmodule
