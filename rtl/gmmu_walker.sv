// SPDX-License-Identifier: MIT
// One walk of the page tables at a time.
//
// Promises: a level costs the memory's latency and nothing else; no fault is reported from a cached
// directory entry; a walk that an invalidate came into ends as *Retry*. The result stays until it
// is released.
//
// The address of the next entry hangs on what the last one says. So an entry is decoded on its way
// into the registers: they hold where to go on, or how to end.

module gmmu_walker (
  input  logic clk_i,
  input  logic rst_ni,

  // A walk, from the root or from a directory entry that the PDE cache knew.
  input  logic              start_i,
  input  gmmu_pkg::space_t  space_i,
  input  logic [36:0]       page_i,
  input  logic               cached_i,  // in the cycle after the start
  input  gmmu_pkg::descent_t cached_descent_i,
  input  logic               withdraw_i,  // then too: the walk is not wanted
  input  logic              abort_i,  // an invalidate began
  input  logic              release_i,
  input  logic              again_i,  // in place of a release: the page found refuses an access

  output logic              idle_o,
  output logic              done_o,
  output logic              cached_o,  // the result hangs on a cached directory entry
  output gmmu_pkg::space_t  space_o,
  output logic [36:0]       page_o,
  output logic [1:0]        result_o,  // result_e
  output logic [4:0]        fault_type_o,  // fault_type_e
  output gmmu_pkg::leaf_t   leaf_o,

  output logic              fetch_valid_o,
  input  logic              fetch_ready_i,
  output gmmu_pkg::fetch_t  fetch_o,
  input  logic              data_valid_i,
  input  logic [127:0]      data_i,
  input  logic              data_error_i,

  // A directory entry that was found, for the PDE cache.
  output logic               found_o,
  output logic [2:0]         found_level_o,  // level_e
  output gmmu_pkg::descent_t found_descent_o
);

  // The walk (GP100 MMU format):
  // 1. Begin at PDE3 under the page-directory base, or below the deepest directory entry known.
  // 2. PDE3, PDE2, PDE1: a page here is a PDE fault. With a table go on in it. Without, VOL means
  //    sparse, else it is a PDE fault.
  // 3. PDE0: a page is one of 2 MiB. Without any table VOL_BIG means sparse, else it is a PDE
  //    fault.
  // 4. With a big table read the 64 KiB PTE: a page, or sparse. Else, if PRIVILEGE is set or there
  //    is no small table, a PTE fault.
  // 5. In the small table read the 4 KiB PTE: a page, or sparse, or a PTE fault.
  // 6. A table where no memory answers is a REGION_VIOLATION.
  // 7. A fault of a walk that began at a cached entry is none: begin again at 1, from the root. So
  //    it is if the page refuses an access.
  typedef enum logic [2:0] {
    StIdle,
    StBegin,  // offers the first address
    StFetch,  // an address waits to be taken
    StWait,  // for the data
    StDecode,
    StDone
  } state_e;

  state_e state_q;
  gmmu_pkg::space_t space_q;
  logic [36:0] page_q;
  logic cached_q, aborted_q, from_root_q;  // from_root: the next entry is of PDE3
  logic [2:0] level_q;  // of the entry that is read
  gmmu_pkg::descent_t descent_q;

  // What an entry says: where to go on, or how the walk ends. Of 16 bytes an entry of 8 is the half
  // that its address tells.
  logic upper_half_q;
  logic [63:0] entry;
  faultline_regs_pkg::pde_sys_t pde;
  faultline_regs_pkg::dual_pde_sys_t dual;
  faultline_regs_pkg::pte_sys_t pte;
  assign entry = upper_half_q ? data_i[127:64] : data_i[63:0];
  assign pde = entry;
  assign pte = entry;
  assign dual = data_i;

  logic descends, descends_q;
  gmmu_pkg::descent_t descent;
  gmmu_pkg::tables_t tables;
  gmmu_pkg::table_t next, big;  // big: of PDE0 only
  logic [1:0] result, result_q;
  logic [4:0] fault_type, fault_type_q;
  logic [1:0] page_size;
  gmmu_pkg::leaf_t leaf_q;
  always_comb begin
    tables = '0;
    if (data_valid_i) begin
      if (level_q == gmmu_pkg::LevelPde0) tables = gmmu_entry_pkg::tables_of_dual(data_i);
      else tables = gmmu_entry_pkg::tables_of_pde(entry);
    end
  end
  assign next = tables.next;
  assign big = tables.big;

  always_comb begin
    descends = 1'b0;
    descent.level = gmmu_pkg::LevelPte4k;
    descent.next = descent_q.fallback;
    descent.fallback = next;
    result = gmmu_pkg::ResultFault;
    fault_type = faultline_regs_pkg::FaultTypePde;
    page_size = gmmu_pkg::PageSize4k;
    if (data_valid_i) begin
      case (level_q)
        gmmu_pkg::LevelPde3, gmmu_pkg::LevelPde2, gmmu_pkg::LevelPde1: begin  // 2
          descent.next = next;
          if (level_q == gmmu_pkg::LevelPde3) descent.level = gmmu_pkg::LevelPde2;
          else if (level_q == gmmu_pkg::LevelPde2) descent.level = gmmu_pkg::LevelPde1;
          else descent.level = gmmu_pkg::LevelPde0;
          if (!pde.is_pte) begin
            descends = next.present;
            if (!next.present && pde.vol) result = gmmu_pkg::ResultSparse;
          end
        end
        gmmu_pkg::LevelPde0: begin  // 3
          descent.next = big.present ? big : next;
          descent.level = big.present ? gmmu_pkg::LevelPte64k : gmmu_pkg::LevelPte4k;
          page_size = gmmu_pkg::PageSize2m;
          if (dual.is_pte) result = gmmu_pkg::ResultTranslated;
          else if (big.present || next.present) descends = 1'b1;
          else if (dual.vol_big) result = gmmu_pkg::ResultSparse;
        end
        gmmu_pkg::LevelPte64k: begin  // 4
          page_size = gmmu_pkg::PageSize64k;
          fault_type = faultline_regs_pkg::FaultTypePte;
          if (pte.valid) result = gmmu_pkg::ResultTranslated;
          else if (pte.vol) result = gmmu_pkg::ResultSparse;
          else descends = !pte.privilege && descent_q.fallback.present;
        end
        default: begin  // 5
          fault_type = faultline_regs_pkg::FaultTypePte;
          if (pte.valid) result = gmmu_pkg::ResultTranslated;
          else if (pte.vol) result = gmmu_pkg::ResultSparse;
        end
      endcase
      if (data_error_i) begin  // 6
        descends = 1'b0;
        result = gmmu_pkg::ResultFault;
        fault_type = faultline_regs_pkg::FaultTypeRegionViolation;
      end
    end
  end

  logic again, read_on;  // 7
  assign again = !descends_q && result_q == gmmu_pkg::ResultFault && cached_q;
  assign read_on = state_q == StDecode && (descends_q || again) && !aborted_q && !abort_i;

  // The address of the entry to read: offered in the cycle in which it becomes known.
  logic from_root;
  logic [2:0] fetch_level;
  logic [1:0] fetch_aperture;
  logic [55:0] fetch_table;
  logic [8:0] fetch_offset;
  always_comb begin
    fetch_level = descent_q.level;
    {fetch_aperture, fetch_table} = {descent_q.next.aperture, descent_q.next.address};
    from_root = from_root_q || (state_q == StDecode && again);
    if (state_q == StBegin) begin
      fetch_level = cached_descent_i.level;
      {fetch_aperture, fetch_table} = {cached_descent_i.next.aperture,
                                       cached_descent_i.next.address};
      from_root = !cached_i;
    end
    if (from_root) begin
      fetch_level = gmmu_pkg::LevelPde3;
      {fetch_aperture, fetch_table} = {space_q.aperture, space_q.pdb_page, 4'b0};
    end
  end
  assign fetch_offset = gmmu_entry_pkg::offset_of(fetch_level, page_q);
  assign fetch_valid_o = (state_q == StBegin && !withdraw_i) || state_q == StFetch || read_on;
  assign fetch_o.aperture = fetch_aperture;
  assign fetch_o.address = {fetch_table, 8'b0} | {52'b0, fetch_offset[8:1], 4'b0};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      aborted_q <= 1'b0;
    end else begin
      case (state_q)
        StIdle: if (start_i) state_q <= StBegin;
        StBegin: begin
          if (withdraw_i) state_q <= StIdle;
          else state_q <= fetch_ready_i ? StWait : StFetch;
        end
        StFetch: if (fetch_ready_i) state_q <= StWait;
        StWait: if (data_valid_i) state_q <= StDecode;
        StDecode: begin
          if (!read_on) state_q <= StDone;
          else state_q <= fetch_ready_i ? StWait : StFetch;
        end
        StDone:
        if (again_i) state_q <= StFetch;
        else if (release_i) state_q <= StIdle;
        default: state_q <= StIdle;
      endcase
      aborted_q <= state_q != StIdle && (aborted_q || abort_i);
    end
  end

  always_ff @(posedge clk_i) begin
    // An idle walker looks at whatever is offered; that it starts is known late.
    if (state_q == StIdle) begin
      space_q <= space_i;
      page_q <= page_i;
    end
    if (fetch_valid_o) begin
      level_q <= fetch_level;
      upper_half_q <= fetch_offset[0];
    end
    case (state_q)
      StBegin: begin
        cached_q <= cached_i;
        from_root_q <= !cached_i;
        descent_q <= cached_descent_i;
      end
      StWait: begin
        // From the root nothing hangs on a cached entry any more.
        if (from_root_q) begin
          from_root_q <= 1'b0;
          cached_q <= 1'b0;
        end
        if (data_valid_i) begin
          descends_q <= descends;
          descent_q <= descent;
          result_q <= result;
          fault_type_q <= fault_type;
          leaf_q <= gmmu_entry_pkg::leaf_of(entry, page_size);
        end
      end
      StDecode: if (again) from_root_q <= 1'b1;
      StDone: from_root_q <= 1'b1;  // in case that it is to be done again
      default: ;
    endcase
  end

  assign idle_o = state_q == StIdle;
  assign done_o = state_q == StDone;
  assign cached_o = cached_q;
  assign space_o = space_q;
  assign page_o = page_q;
  assign result_o = aborted_q ? gmmu_pkg::ResultRetry : result_q;
  assign fault_type_o = fault_type_q;
  assign leaf_o = leaf_q;

  assign found_o = read_on && descends_q && level_q != gmmu_pkg::LevelPte64k;
  assign found_level_o = level_q;
  assign found_descent_o = descent_q;

endmodule
