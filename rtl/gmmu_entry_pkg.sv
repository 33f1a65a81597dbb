// SPDX-License-Identifier: MIT
// Page-table entries decoded, and the access checks (GP100 MMU format).

package gmmu_entry_pkg;

  // The page of a valid PTE. Address bits below a large page are ignored. An address in a peer's
  // memory continues in the COMPTAGLINE field.
  function automatic gmmu_pkg::leaf_t leaf_of(input logic [63:0] entry,
                                              input logic [1:0] page_size);
    faultline_regs_pkg::pte_sys_t sys;
    faultline_regs_pkg::pte_vid_t vid;
    logic [45:0] frame;
    sys = entry;
    vid = entry;
    case (sys.aperture)
      faultline_regs_pkg::PteApertureVidmem: frame = {21'b0, vid.address_vid};
      faultline_regs_pkg::PteAperturePeer: frame = {3'b0, vid.comptagline, vid.address_vid};
      default: frame = sys.address_sys;
    endcase
    case (page_size)
      gmmu_pkg::PageSize2m: frame[8:0] = 9'b0;
      gmmu_pkg::PageSize64k: frame[3:0] = 4'b0;
      default: ;
    endcase
    leaf_of = {
      frame,
      sys.aperture,
      sys.aperture == faultline_regs_pkg::PteAperturePeer ? vid.address_vid_peer : 3'b0,
      page_size,
      sys.kind,
      sys.vol,
      sys.privilege,
      sys.read_only,
      sys.atomic_disable
    };
  endfunction

  // A pointer in a directory entry: {present, aperture, address[63:8]}. A PDE's apertures are a
  // PTE's but for video memory, which there is 1 where 0 is no table.
  function automatic logic [58:0] table_at(input logic [1:0] aperture, input logic [55:0] vid,
                                           input logic [55:0] sys);
    case (aperture)
      faultline_regs_pkg::PdeApertureInvalid: table_at = 59'b0;
      faultline_regs_pkg::PdeApertureVidmem:
      table_at = {1'b1, faultline_regs_pkg::PteApertureVidmem, vid};
      faultline_regs_pkg::PdeApertureSysCoherent:
      table_at = {1'b1, faultline_regs_pkg::PteApertureSysCoherent, sys};
      default: table_at = {1'b1, faultline_regs_pkg::PteApertureSysNonCoherent, sys};
    endcase
  endfunction

  // What an entry of PDE3, PDE2 or PDE1 points to: tables_t.
  function automatic gmmu_pkg::tables_t tables_of_pde(input logic [63:0] entry);
    faultline_regs_pkg::pde_sys_t sys;
    faultline_regs_pkg::pde_vid_t vid;
    sys = entry;
    vid = entry;
    tables_of_pde = {
      59'b0, table_at(sys.aperture, {27'b0, vid.address_vid, 4'b0}, {6'b0, sys.address_sys, 4'b0})
    };
  endfunction

  // What a dual entry points to: tables_t.
  function automatic gmmu_pkg::tables_t tables_of_dual(input logic [127:0] entry);
    faultline_regs_pkg::dual_pde_sys_t sys;
    faultline_regs_pkg::dual_pde_vid_t vid;
    sys = entry;
    vid = entry;
    tables_of_dual = {
      table_at(sys.aperture_big, {27'b0, vid.address_big_vid}, {6'b0, sys.address_big_sys}),
      table_at(
          sys.aperture_small, {27'b0, vid.address_small_vid, 4'b0},
          {6'b0, sys.address_small_sys, 4'b0})
    };
  endfunction

  // Where in its table an entry is, in 8 bytes; `page` is the address without its 12 low bits.
  function automatic logic [8:0] offset_of(input logic [2:0] level, input logic [36:0] page);
    case (level)
      gmmu_pkg::LevelPde3: offset_of = {7'b0, page[36:35]};
      gmmu_pkg::LevelPde2: offset_of = page[34:26];
      gmmu_pkg::LevelPde1: offset_of = page[25:17];
      gmmu_pkg::LevelPde0: offset_of = {page[16:9], 1'b0};
      gmmu_pkg::LevelPte64k: offset_of = {4'b0, page[8:4]};
      default: offset_of = page[8:0];
    endcase
  endfunction

  function automatic logic is_write(input logic [3:0] access_type);
    is_write = access_type == faultline_regs_pkg::AccessTypeWrite ||
               access_type == faultline_regs_pkg::AccessTypeAtomic ||
               access_type == faultline_regs_pkg::AccessTypeAtomicWeak;
  endfunction

  // Whether an access is refused by a valid page, and how: {refused, fault_type_e}. Kind comes
  // before privilege, privilege before read-only, read-only before atomic. ATOMIC_DISABLE means
  // strong atomics only.
  function automatic logic [5:0] refusal_of(input logic [7:0] kind, input logic privilege,
                                            input logic read_only, input logic atomic_disable,
                                            input logic [3:0] access_type, input logic privileged,
                                            input logic strong_override);
    if (kind == faultline_regs_pkg::PteKindInvalid)
      refusal_of = {1'b1, faultline_regs_pkg::FaultTypeUnsupportedKind};
    else if (privilege && !privileged)
      refusal_of = {1'b1, faultline_regs_pkg::FaultTypePrivViolation};
    else if (read_only && is_write(access_type))
      refusal_of = {1'b1, faultline_regs_pkg::FaultTypeRoViolation};
    else if (atomic_disable && !strong_override &&
             access_type == faultline_regs_pkg::AccessTypeAtomic)
      refusal_of = {1'b1, faultline_regs_pkg::FaultTypeAtomicViolation};
    else refusal_of = {1'b0, faultline_regs_pkg::FaultTypePte};
  endfunction

  // The answer to a request that a page serves.
  function automatic gmmu_pkg::response_t translated(input logic [gmmu_pkg::TagBits-1:0] tag,
                                                     input logic [20:0] offset,
                                                     input gmmu_pkg::leaf_t leaf);
    logic [57:0] pa;
    case (leaf.page_size)
      gmmu_pkg::PageSize2m: pa = {leaf.frame[45:9], offset};
      gmmu_pkg::PageSize64k: pa = {leaf.frame[45:4], offset[15:0]};
      default: pa = {leaf.frame, offset[11:0]};
    endcase
    translated = {
      tag,
      gmmu_pkg::OutcomeTranslated,
      6'b0,
      pa,
      leaf.aperture,
      leaf.peer,
      leaf.page_size,
      leaf.vol,
      leaf.read_only,
      leaf.atomic_disable,
      leaf.kind,
      faultline_regs_pkg::FaultTypePde
    };
  endfunction

  // The answer while MMU_DISABLE is set: the address as it is.
  function automatic gmmu_pkg::response_t untranslated(input logic [gmmu_pkg::TagBits-1:0] tag,
                                                       input logic [63:0] va,
                                                       input logic [1:0] aperture,
                                                       input logic vol);
    untranslated = {tag, gmmu_pkg::OutcomeTranslated, va, aperture, 3'b0,
                    gmmu_pkg::PageSize4k, vol, 2'b0, faultline_regs_pkg::PteKindPitch,
                    faultline_regs_pkg::FaultTypePde};
  endfunction

  // The answer without an address: sparse, or a fault.
  function automatic gmmu_pkg::response_t addressless(input logic [gmmu_pkg::TagBits-1:0] tag,
                                                      input logic [2:0] outcome,
                                                      input logic [4:0] fault_type);
    addressless = {tag, outcome, 64'b0, 2'b0, 3'b0, 2'b0, 3'b0, 8'b0, fault_type};
  endfunction

endpackage
