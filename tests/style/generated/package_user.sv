// SPDX-License-Identifier: MIT
// Uses the generated package as RTL does: entries and packets as structs, enums in comparisons.
module package_user (
    input  logic [63:0]                   pte_i,
    input  faultline_regs_pkg::fault_packet_t packet_i,
    output logic                          mapped_sys_o,
    output logic [45:0]                   page_o,
    output logic                          stalled_o
);
  faultline_regs_pkg::pte_sys_t pte;
  assign pte = pte_i;
  assign mapped_sys_o = pte.valid && (pte.aperture == faultline_regs_pkg::PteApertureSysCoherent);
  assign page_o = pte.address_sys;
  assign stalled_o = packet_i.valid && packet_i.replayable_fault &&
                     (packet_i.fault_type == faultline_regs_pkg::FaultTypePte);

  logic unused;
  assign unused = ^{pte, packet_i};
endmodule
