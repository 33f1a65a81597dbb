// SPDX-License-Identifier: MIT
// From an invalidate as software means it to what each cache compares.
//
// Promises: `purge_o` is that of the invalidate in the last cycle in which `load_i` was high.

module gmmu_purge_decoder (
  input  logic                  clk_i,
  input  logic                  load_i,
  input  gmmu_pkg::invalidate_t invalidate_i,
  output gmmu_pkg::purge_t      purge_o
);

  // Directory entries of which level go too.
  logic [2:0] directories;
  always_comb begin
    case (invalidate_i.cache_level)
      faultline_regs_pkg::CacheLevelPteOnly: directories = 3'd0;
      faultline_regs_pkg::CacheLevelUpToPde0: directories = gmmu_pkg::LevelPde0;
      faultline_regs_pkg::CacheLevelUpToPde1: directories = gmmu_pkg::LevelPde1;
      faultline_regs_pkg::CacheLevelUpToPde2: directories = gmmu_pkg::LevelPde2;
      default: directories = gmmu_pkg::LevelPde3;
    endcase
  end

  gmmu_pkg::purge_t purge;
  assign purge.pages = !invalidate_i.bindings_only;
  assign purge.gpcs = !invalidate_i.hubtlb_only;
  // Bindings go with the whole of an address space.
  assign purge.bindings = invalidate_i.bindings_only ||
                          (invalidate_i.all_va && directories == gmmu_pkg::LevelPde3);
  assign purge.directories = invalidate_i.bindings_only ? 3'd0 : directories;
  assign purge.any_space = invalidate_i.all_pdb || invalidate_i.bindings_only;
  assign purge.pdb_page = invalidate_i.pdb_page;
  assign purge.in_sysmem =
      invalidate_i.pdb_aperture == faultline_regs_pkg::InvalidatePdbApertureSysMem;
  assign purge.va_page = invalidate_i.va_page;
  assign purge.va_mask = invalidate_i.all_va ? 48'b0 : {48{1'b1}} << invalidate_i.size;

  always_ff @(posedge clk_i) begin
    if (load_i) purge_o <= purge;
  end

endmodule
