// SPDX-License-Identifier: MIT
// Clients of a GPC: which are T1, and which uTLB each uses (dev_fault).

package gmmu_client_pkg;

  function automatic logic is_between(input logic [6:0] client, input logic [6:0] first,
                                      input logic [6:0] last);
    is_between = client >= first && client <= last;
  endfunction

  function automatic logic is_t1(input logic [6:0] client);
    is_t1 =
        client <= faultline_regs_pkg::GpcClientT1_7 ||
        is_between(client, faultline_regs_pkg::GpcClientT1_8,
                   faultline_regs_pkg::GpcClientT1_15) ||
        is_between(client, faultline_regs_pkg::GpcClientT1_16,
                   faultline_regs_pkg::GpcClientT1_19) ||
        is_between(client, faultline_regs_pkg::GpcClientT1_20,
                   faultline_regs_pkg::GpcClientT1_23) ||
        is_between(client, faultline_regs_pkg::GpcClientT1_24,
                   faultline_regs_pkg::GpcClientT1_27) ||
        is_between(client, faultline_regs_pkg::GpcClientT1_28,
                   faultline_regs_pkg::GpcClientT1_31) ||
        is_between(client, faultline_regs_pkg::GpcClientT1_32,
                   faultline_regs_pkg::GpcClientT1_35) ||
        is_between(client, faultline_regs_pkg::GpcClientT1_36,
                   faultline_regs_pkg::GpcClientT1_39);
  endfunction

  // uTLB 0 is the RGG's, n + 1 that of TPC n: its PE, its TPCCS, its LTP and two T1. What belongs
  // to no TPC of the first eight uses uTLB 0.
  function automatic logic [3:0] utlb_of(input logic [6:0] client);
    if (client <= faultline_regs_pkg::GpcClientT1_7)
      utlb_of = {2'b0, client[2:1]} + 4'd1;
    else if (is_between(client, faultline_regs_pkg::GpcClientT1_8,
                        faultline_regs_pkg::GpcClientT1_15))
      utlb_of = 4'((client - faultline_regs_pkg::GpcClientT1_8) >> 1) + 4'd5;
    else if (is_between(client, faultline_regs_pkg::GpcClientPe0, faultline_regs_pkg::GpcClientPe7))
      utlb_of = 4'(client - faultline_regs_pkg::GpcClientPe0) + 4'd1;
    else if (is_between(client, faultline_regs_pkg::GpcClientTpccs0,
                        faultline_regs_pkg::GpcClientTpccs7))
      utlb_of = 4'(client - faultline_regs_pkg::GpcClientTpccs0) + 4'd1;
    else if (is_between(client, faultline_regs_pkg::GpcClientLtpUtlb0,
                        faultline_regs_pkg::GpcClientLtpUtlb7))
      utlb_of = 4'(client - faultline_regs_pkg::GpcClientLtpUtlb0) + 4'd1;
    else utlb_of = 4'd0;
  endfunction

endpackage
