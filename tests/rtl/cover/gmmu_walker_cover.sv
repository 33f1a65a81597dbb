// SPDX-License-Identifier: MIT
// Cover points of gmmu_walker: each step and each end of a walk.

module gmmu_walker_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic ends,
  input logic decodes,
  input logic [2:0] level,
  input logic [1:0] result,
  input logic [1:0] page_size,
  input logic descends,
  input logic is_again,
  input logic error,
  input logic aborted,
  input logic fetch_waits,
  input logic [1:0] leaf,
  input logic [2:0] next_level,
  input logic has_entry,  // on its way into the registers
  input logic is_pte
);

  fault_in_pde3:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPde3 && result ==
                  gmmu_pkg::ResultFault);
  fault_in_pde2:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPde2 && result ==
                  gmmu_pkg::ResultFault);
  fault_in_pde1:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPde1 && result ==
                  gmmu_pkg::ResultFault);
  fault_in_pde0:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPde0 && result ==
                  gmmu_pkg::ResultFault);
  fault_in_pte_64k:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPte64k && result ==
                  gmmu_pkg::ResultFault);
  fault_in_pte_4k:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPte4k && result ==
                  gmmu_pkg::ResultFault);
  sparse_in_pde3:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPde3 && result ==
                  gmmu_pkg::ResultSparse);
  sparse_in_pde2:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPde2 && result ==
                  gmmu_pkg::ResultSparse);
  sparse_in_pde1:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPde1 && result ==
                  gmmu_pkg::ResultSparse);
  sparse_in_pde0:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPde0 && result ==
                  gmmu_pkg::ResultSparse);
  sparse_in_pte_64k:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPte64k && result ==
                  gmmu_pkg::ResultSparse);
  sparse_in_pte_4k:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && level == gmmu_pkg::LevelPte4k && result ==
                  gmmu_pkg::ResultSparse);
  page_of_4k:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && result == gmmu_pkg::ResultTranslated && page_size
                  == gmmu_pkg::PageSize4k);
  page_of_64k:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && result == gmmu_pkg::ResultTranslated && page_size
                  == gmmu_pkg::PageSize64k);
  page_of_2m:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && result == gmmu_pkg::ResultTranslated && page_size
                  == gmmu_pkg::PageSize2m);
  page_in_vidmem:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && result == gmmu_pkg::ResultTranslated && leaf ==
                  faultline_regs_pkg::PteApertureVidmem);
  page_in_peer:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && result == gmmu_pkg::ResultTranslated && leaf ==
                  faultline_regs_pkg::PteAperturePeer);
  page_in_sys_coherent:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && result == gmmu_pkg::ResultTranslated && leaf ==
                  faultline_regs_pkg::PteApertureSysCoherent);
  page_in_sys_non_coherent:
  cover property (@(posedge clk_i) rst_ni &&
                  ends && !aborted && !error && result == gmmu_pkg::ResultTranslated && leaf ==
                  faultline_regs_pkg::PteApertureSysNonCoherent);
  big_falls_to_small:
  cover property (@(posedge clk_i) rst_ni &&
                  decodes && !error && level == gmmu_pkg::LevelPte64k && descends);
  pde0_to_big:
  cover property (@(posedge clk_i) rst_ni &&
                  decodes && !error && descends && level == gmmu_pkg::LevelPde0 && next_level ==
                  gmmu_pkg::LevelPte64k);
  pde0_to_small:
  cover property (@(posedge clk_i) rst_ni &&
                  decodes && !error && descends && level == gmmu_pkg::LevelPde0 && next_level ==
                  gmmu_pkg::LevelPte4k);
  page_in_a_directory_is_a_fault:
  cover property (@(posedge clk_i) rst_ni &&
                  has_entry && is_pte && level == gmmu_pkg::LevelPde2);
  region_violation: cover property (@(posedge clk_i) rst_ni && ends && error && !aborted);
  fault_from_cache_repeated:
  cover property (@(posedge clk_i) rst_ni &&
                  decodes && is_again && !aborted);
  aborted_in_decode: cover property (@(posedge clk_i) rst_ni && decodes && aborted);
  address_waits: cover property (@(posedge clk_i) rst_ni && fetch_waits);

endmodule

bind gmmu_walker gmmu_walker_cover u_cover (
  .clk_i,
  .rst_ni,
  .ends(state_q == StDecode && !read_on),
  .decodes(state_q == StDecode),
  .level(level_q),
  .result(result_q),
  .page_size(leaf_q.page_size),
  .descends(descends_q),
  .is_again(again),
  .error(fault_type_q == faultline_regs_pkg::FaultTypeRegionViolation),
  .aborted(aborted_q || abort_i),
  .fetch_waits(fetch_valid_o && !fetch_ready_i),
  .leaf(leaf_q.aperture),
  .next_level(descent_q.level),
  .has_entry(state_q == StWait && data_valid_i && !data_error_i),
  .is_pte(pde.is_pte)
);
