// SPDX-License-Identifier: MIT
// Cover points of gmmu_walk_unit: merging, waiting, repeating.

module gmmu_walk_unit_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic taken,
  input logic same,
  input logic valid,
  input logic walkers_taken,
  input logic waiters_taken,
  input logic joins_done,
  input logic known,
  input logic [2:0] level,  // of the entry that is read first
  input logic taken_back,
  input logic refused,
  input logic replied,
  input logic fills,
  input logic access_differs,
  input logic pde_off,
  input logic cache_off
);

  // What is known comes in the cycle after the start.
  logic started_q;
  always_ff @(posedge clk_i) started_q <= rst_ni && taken && !same;

  starts: cover property (@(posedge clk_i) rst_ni && taken && !same);
  merges: cover property (@(posedge clk_i) rst_ni && taken && same);
  merges_a_write: cover property (@(posedge clk_i) rst_ni && access_differs);
  walkers_full: cover property (@(posedge clk_i) rst_ni && valid && !same && walkers_taken);
  waiters_full: cover property (@(posedge clk_i) rst_ni && valid && waiters_taken);
  waits_for_the_answer_to_its_page: cover property (@(posedge clk_i) rst_ni && valid && joins_done);
  from_pde0:
  cover property (@(posedge clk_i) rst_ni &&
                  started_q && known && level >= gmmu_pkg::LevelPte64k);
  from_pde1:
  cover property (@(posedge clk_i) rst_ni &&
                  started_q && known && level == gmmu_pkg::LevelPde0);
  from_pde2:
  cover property (@(posedge clk_i) rst_ni &&
                  started_q && known && level == gmmu_pkg::LevelPde1);
  from_pde3:
  cover property (@(posedge clk_i) rst_ni &&
                  started_q && known && level == gmmu_pkg::LevelPde2);
  from_root: cover property (@(posedge clk_i) rst_ni && started_q && !known);
  repeated_for_a_refusal: cover property (@(posedge clk_i) rst_ni && taken_back);
  refused_page: cover property (@(posedge clk_i) rst_ni && replied && refused);
  filled: cover property (@(posedge clk_i) rst_ni && replied && fills);
  nothing_kept: cover property (@(posedge clk_i) rst_ni && replied && cache_off);
  no_directory_kept: cover property (@(posedge clk_i) rst_ni && taken && pde_off);

endmodule

bind gmmu_walk_unit gmmu_walk_unit_cover u_cover (
  .clk_i,
  .rst_ni,
  .taken,
  .same(same != '0),
  .valid(miss_valid_i),
  .walkers_taken(is_idle == '0),
  .waiters_taken(&waits_q),
  .joins_done((same & is_done) != '0),
  .known,
  .level(known_descent.level),
  .taken_back,
  .refused,
  .replied(reply_valid_o),
  .fills(fill_o),
  .access_differs(same != '0 && taken && miss_i.access_type == faultline_regs_pkg::AccessTypeWrite),
  .pde_off(modes_i.pde_cache_off),
  .cache_off(modes_i.cache_off)
);
