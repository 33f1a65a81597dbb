// SPDX-License-Identifier: MIT
// Cover points of gmmu_utlb_store: replacement.

module gmmu_utlb_store_cover (
  input logic clk_i,
  input logic rst_ni,
  input logic fill,
  input logic valid,
  input logic overlaps,
  input logic erase,
  input logic purge,
  input logic purged,
  input logic spared
);

  evicts: cover property (@(posedge clk_i) rst_ni && fill && valid);
  fills_free_entry: cover property (@(posedge clk_i) rst_ni && fill && !valid);
  replaces_overlap: cover property (@(posedge clk_i) rst_ni && fill && overlaps);
  erases: cover property (@(posedge clk_i) rst_ni && erase);
  purges_some: cover property (@(posedge clk_i) rst_ni && purge && purged && spared);

endmodule

bind gmmu_utlb_store gmmu_utlb_store_cover u_cover (
  .clk_i,
  .rst_ni,
  .fill(fill_i),
  .valid(&valid_q),
  .overlaps((overlap & valid_q) != '0),
  .erase(erase_i),
  .purge(purge_i),
  .purged((purged & valid_q) != '0),
  .spared((~purged & valid_q) != '0)
);
