// SPDX-License-Identifier: MIT
// What an invalidate means: which address spaces, which cached entries.

package gmmu_match_pkg;

  // The registers name system memory without saying whether it is snooped.
  function automatic logic is_space(input logic [47:0] pdb_page, input logic in_sysmem,
                                    input gmmu_pkg::space_t space);
    is_space = space.pdb_page == {4'b0, pdb_page} &&
               (space.aperture != faultline_regs_pkg::PteApertureVidmem) == in_sysmem;
  endfunction

  function automatic logic hits_space(input gmmu_pkg::purge_t purge, input gmmu_pkg::space_t space);
    hits_space = purge.any_space || is_space(purge.pdb_page, purge.in_sysmem, space);
  endfunction

  // `low_bits` are ones where the entry's size covers the bits of the page number.
  function automatic logic hits_region(input gmmu_pkg::purge_t purge, input logic [36:0] page,
                                       input logic [36:0] low_bits);
    hits_region = (({11'b0, page} ^ purge.va_page) & purge.va_mask & ~{11'b0, low_bits}) == 48'b0;
  endfunction

  // The bits of a page number below a page of this size.
  function automatic logic [36:0] low_bits_of(input logic [1:0] page_size);
    case (page_size)
      gmmu_pkg::PageSize2m: low_bits_of = 37'h1ff;
      gmmu_pkg::PageSize64k: low_bits_of = 37'hf;
      default: low_bits_of = 37'h0;
    endcase
  endfunction

endpackage
