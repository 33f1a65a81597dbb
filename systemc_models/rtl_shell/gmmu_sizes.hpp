// SPDX-License-Identifier: MIT
// How large an MMU was Verilated: gmmu's parameters as far as its surroundings must know them.
#pragma once

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/mmu/utlb_map.hpp"

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
  /// The port of a client: its GPC's uTLB, or the hub's.
  unsigned port_of(const mmu::Requester& requester) const {
    if (requester.client_type == mmu::ClientType::kHub) return hub_port();
    const unsigned utlb = mmu::kUtlbOfClient[requester.client % mmu::kClientIds];
    return requester.gpc % gpcs * utlbs_per_gpc + utlb % utlbs_per_gpc;
  }
  /// AXI id of the reads of instance blocks; smaller ones are walkers.
  unsigned instance_read_id() const { return walkers; }
};

}  // namespace faultline::rtl
