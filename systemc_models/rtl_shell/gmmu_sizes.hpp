// SPDX-License-Identifier: MIT
// How large an MMU was Verilated: gmmu's parameters as far as its surroundings must know them.
#pragma once

namespace faultline::rtl {

struct GmmuSizes {
  unsigned gpcs;
  unsigned utlbs_per_gpc;
  unsigned walkers;
  unsigned replay_depth;
  unsigned default_fault_buffer_entries;

  unsigned utlbs() const { return gpcs * utlbs_per_gpc; }
  /// The last port is the copy engines'.
  unsigned hub_port() const { return utlbs(); }
  unsigned ports() const { return utlbs() + 1; }
  /// AXI id of the reads of instance blocks; smaller ones are walkers.
  unsigned instance_read_id() const { return walkers; }
};

}  // namespace faultline::rtl
