// SPDX-License-Identifier: MIT
// One walk of the page tables at a time.
//
// Promises: a level costs the memory's latency and nothing else; no fault is reported from a cached
// directory entry; a walk that an invalidate came into ends as *Retry*. The result stays until it
// is released.

module gmmu_walker (
  input  logic clk_i,
  input  logic rst_ni,

  // A walk, from the root or from a directory entry that the PDE cache knew.
  input  logic              start_i,
  input  gmmu_pkg::space_t  space_i,
  input  logic [36:0]       page_i,
  input  logic              cached_i,
  input  logic [2:0]        cached_level_i,  // level_e
  input  gmmu_pkg::tables_t cached_tables_i,
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
  output logic              found_o,
  output logic [2:0]        found_level_o,  // level_e
  output gmmu_pkg::tables_t found_tables_o
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
    StFetch,  // an address waits to be taken
    StWait,  // for the data
    StDecode,
    StDone
  } state_e;

  state_e state_q;
  gmmu_pkg::space_t space_q;
  logic [36:0] page_q;
  logic cached_q, aborted_q, error_q;
  logic [2:0] level_q;
  gmmu_pkg::table_t table_q;  // in which we read
  gmmu_pkg::table_t small_q;  // for step 5
  logic [127:0] entry_q;
  logic [1:0] result_q;
  logic [4:0] fault_type_q;
  gmmu_pkg::leaf_t leaf_q;

  gmmu_pkg::table_t root;
  assign root.present = 1'b1;
  assign root.aperture = space_q.aperture;
  assign root.address = {space_q.pdb_page, 4'b0};

  // What the entry says. Of 16 bytes an entry of 8 is the half that its address tells.
  logic upper_half_q;
  logic [63:0] entry;
  faultline_regs_pkg::pde_sys_t pde;
  faultline_regs_pkg::dual_pde_sys_t dual;
  faultline_regs_pkg::pte_sys_t pte;
  gmmu_pkg::tables_t pde_tables, dual_tables;
  gmmu_pkg::table_t pde_next, dual_big, dual_small;
  assign entry = upper_half_q ? entry_q[127:64] : entry_q[63:0];
  assign pde = entry;
  assign pte = entry;
  assign dual = entry_q;
  always_comb begin
    pde_tables = '0;
    dual_tables = '0;
    if (state_q == StDecode) begin
      pde_tables = gmmu_entry_pkg::tables_of_pde(entry);
      dual_tables = gmmu_entry_pkg::tables_of_dual(entry_q);
    end
  end
  assign pde_next = pde_tables.next;
  assign dual_big = dual_tables.big;
  assign dual_small = dual_tables.next;

  // What to do next: read another entry, or end.
  logic descend;
  logic [2:0] next_level;
  gmmu_pkg::table_t next_table;
  logic [1:0] result;
  logic [4:0] fault_type;
  logic [1:0] page_size;

  always_comb begin
    descend = 1'b0;
    next_level = gmmu_pkg::LevelPde3;
    next_table = root;
    result = gmmu_pkg::ResultFault;
    fault_type = faultline_regs_pkg::FaultTypePde;
    page_size = gmmu_pkg::PageSize4k;
    if (error_q) begin
      fault_type = faultline_regs_pkg::FaultTypeRegionViolation;  // 6
    end else if (state_q == StDecode) begin
      case (level_q)
        gmmu_pkg::LevelPde3, gmmu_pkg::LevelPde2, gmmu_pkg::LevelPde1: begin  // 2
          next_table = pde_next;
          if (level_q == gmmu_pkg::LevelPde3) next_level = gmmu_pkg::LevelPde2;
          else if (level_q == gmmu_pkg::LevelPde2) next_level = gmmu_pkg::LevelPde1;
          else next_level = gmmu_pkg::LevelPde0;
          if (!pde.is_pte) begin
            descend = pde_next.present;
            if (!pde_next.present && pde.vol) result = gmmu_pkg::ResultSparse;
          end
        end
        gmmu_pkg::LevelPde0: begin  // 3
          next_table = dual_big.present ? dual_big : dual_small;
          next_level = dual_big.present ? gmmu_pkg::LevelPte64k : gmmu_pkg::LevelPte4k;
          page_size = gmmu_pkg::PageSize2m;
          if (dual.is_pte) result = gmmu_pkg::ResultTranslated;
          else if (dual_big.present || dual_small.present) descend = 1'b1;
          else if (dual.vol_big) result = gmmu_pkg::ResultSparse;
        end
        gmmu_pkg::LevelPte64k: begin  // 4
          next_table = small_q;
          next_level = gmmu_pkg::LevelPte4k;
          page_size = gmmu_pkg::PageSize64k;
          fault_type = faultline_regs_pkg::FaultTypePte;
          if (pte.valid) result = gmmu_pkg::ResultTranslated;
          else if (pte.vol) result = gmmu_pkg::ResultSparse;
          else descend = !pte.privilege && small_q.present;
        end
        default: begin  // 5
          fault_type = faultline_regs_pkg::FaultTypePte;
          if (pte.valid) result = gmmu_pkg::ResultTranslated;
          else if (pte.vol) result = gmmu_pkg::ResultSparse;
        end
      endcase
    end
  end

  logic again, read_on;  // 7
  assign again = !descend && result == gmmu_pkg::ResultFault && cached_q;
  assign read_on = state_q == StDecode && (descend || again) && !aborted_q && !abort_i;

  // The address of the entry to read: offered in the cycle in which it becomes known.
  logic [2:0] fetch_level;
  gmmu_pkg::table_t fetch_table;
  logic [8:0] fetch_offset;
  always_comb begin
    fetch_level = level_q;
    fetch_table = table_q;
    if (state_q == StDecode) begin
      fetch_level = again ? gmmu_pkg::LevelPde3 : next_level;
      fetch_table = again ? root : next_table;
    end
  end
  assign fetch_offset = gmmu_entry_pkg::offset_of(fetch_level, page_q);
  assign fetch_valid_o = state_q == StFetch || read_on;
  assign fetch_o.aperture = fetch_table.aperture;
  assign fetch_o.address = {fetch_table.address, 8'b0} | {52'b0, fetch_offset[8:1], 4'b0};

  // Where a walk begins that the PDE cache shortens.
  logic [2:0] start_level;
  gmmu_pkg::table_t start_table, cached_next, cached_big;
  assign cached_next = cached_tables_i.next;
  assign cached_big = cached_tables_i.big;
  always_comb begin
    start_table = cached_next;
    case (cached_level_i)
      gmmu_pkg::LevelPde3: start_level = gmmu_pkg::LevelPde2;
      gmmu_pkg::LevelPde2: start_level = gmmu_pkg::LevelPde1;
      gmmu_pkg::LevelPde1: start_level = gmmu_pkg::LevelPde0;
      default: begin
        start_level = cached_big.present ? gmmu_pkg::LevelPte64k : gmmu_pkg::LevelPte4k;
        start_table = cached_big.present ? cached_big : cached_next;
      end
    endcase
    if (!cached_i) begin
      start_level = gmmu_pkg::LevelPde3;
      start_table = {1'b1, space_i.aperture, space_i.pdb_page, 4'b0};
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      aborted_q <= 1'b0;
    end else begin
      case (state_q)
        StIdle: if (start_i) state_q <= StFetch;
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
      cached_q <= cached_i;
      level_q <= start_level;
      table_q <= start_table;
      small_q <= cached_next;
    end
    if (state_q == StDone && again_i) begin
      cached_q <= 1'b0;
      level_q <= gmmu_pkg::LevelPde3;
      table_q <= root;
    end
    if (fetch_valid_o && fetch_ready_i) upper_half_q <= fetch_offset[0];
    if (state_q == StWait && data_valid_i) begin
      entry_q <= data_i;
      error_q <= data_error_i;
    end
    if (state_q == StDecode) begin
      level_q <= fetch_level;
      table_q <= fetch_table;
      if (level_q == gmmu_pkg::LevelPde0) small_q <= dual_small;
      if (again) cached_q <= 1'b0;
      result_q <= result;
      fault_type_q <= fault_type;
      leaf_q <= gmmu_entry_pkg::leaf_of(entry, page_size);
    end
  end

  assign idle_o = state_q == StIdle;
  assign done_o = state_q == StDone;
  assign cached_o = cached_q;
  assign space_o = space_q;
  assign page_o = page_q;
  assign result_o = aborted_q ? gmmu_pkg::ResultRetry : result_q;
  assign fault_type_o = fault_type_q;
  assign leaf_o = leaf_q;

  assign found_o = read_on && descend && level_q != gmmu_pkg::LevelPte64k;
  assign found_level_o = level_q;
  assign found_tables_o = level_q == gmmu_pkg::LevelPde0 ? dual_tables : pde_tables;

endmodule
