// SPDX-License-Identifier: MIT
// Cover points of gmmu_utlb: hits, and misses beside them.

module gmmu_utlb_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic taken,
  input logic hit,
  input logic match,
  input logic to_slot,
  input logic replayed,
  input logic misses,
  input logic slot_free,
  input logic valid,
  input logic hit_waits,
  input logic disabled,
  input logic purge,
  input logic marked,
  input logic hit_marked,
  input gmmu_pkg::leaf_t leaf,
  input logic reply_valid,
  input logic [1:0] result
);

  hit_4k:
  cover property (@(posedge clk_i) rst_ni &&
                  taken && hit && leaf.page_size == gmmu_pkg::PageSize4k);
  hit_64k:
  cover property (@(posedge clk_i) rst_ni &&
                  taken && hit && leaf.page_size == gmmu_pkg::PageSize64k);
  hit_2m:
  cover property (@(posedge clk_i) rst_ni &&
                  taken && hit && leaf.page_size == gmmu_pkg::PageSize2m);
  hit_vidmem:
  cover property (@(posedge clk_i) rst_ni &&
                  taken && hit && leaf.aperture == faultline_regs_pkg::PteApertureVidmem);
  hit_peer:
  cover property (@(posedge clk_i) rst_ni &&
                  taken && hit && leaf.aperture == faultline_regs_pkg::PteAperturePeer);
  hit_sys_coherent:
  cover property (@(posedge clk_i) rst_ni &&
                  taken && hit && leaf.aperture == faultline_regs_pkg::PteApertureSysCoherent);
  hit_sys_non_coherent:
  cover property (@(posedge clk_i) rst_ni &&
                  taken && hit && leaf.aperture == faultline_regs_pkg::PteApertureSysNonCoherent);
  hit_under_miss: cover property (@(posedge clk_i) rst_ni && taken && hit && misses);
  hit_refused: cover property (@(posedge clk_i) rst_ni && taken && match && !hit);
  hit_replayed: cover property (@(posedge clk_i) rst_ni && taken && hit && replayed);
  hit_waits_for_client: cover property (@(posedge clk_i) rst_ni && valid && hit_waits);
  misses_full: cover property (@(posedge clk_i) rst_ni && valid && to_slot && !slot_free);
  untranslated: cover property (@(posedge clk_i) rst_ni && taken && disabled);
  purge_under_misses: cover property (@(posedge clk_i) rst_ni && purge && misses);
  older_miss_answer_at_purge: cover property (@(posedge clk_i) rst_ni && marked);
  older_hit_answer_at_purge: cover property (@(posedge clk_i) rst_ni && hit_marked);
  reply_translated:
  cover property (@(posedge clk_i) rst_ni &&
                  reply_valid && result == gmmu_pkg::ResultTranslated);
  reply_sparse:
  cover property (@(posedge clk_i) rst_ni &&
                  reply_valid && result == gmmu_pkg::ResultSparse);
  reply_fault:
  cover property (@(posedge clk_i) rst_ni &&
                  reply_valid && result == gmmu_pkg::ResultFault);
  reply_retry:
  cover property (@(posedge clk_i) rst_ni &&
                  reply_valid && result == gmmu_pkg::ResultRetry);

endmodule

bind gmmu_utlb gmmu_utlb_cover u_cover (
  .clk_i,
  .rst_ni,
  .taken(leaves),
  .hit,
  .match(refused || hit),
  .to_slot,
  .replayed(second_replayed_q),
  .misses(!slots_idle),
  .slot_free,
  .valid(second_valid_q),
  .hit_waits(hits_valid && !hits_taken),
  .disabled(modes_i.mmu_disable),
  .purge(purge_i),
  .marked(slots_marked),
  .hit_marked(hits_marked),
  .leaf(match_leaf),
  .reply_valid(replied),
  .result(reply_i.result)
);
