// SPDX-License-Identifier: MIT
// What the MMU counts.
#pragma once

#include <cstdint>

namespace faultline::mmu {

/// Counts since construction or reset.
struct Statistics {
  uint64_t hits = 0;          ///< requests answered by a uTLB or the hub TLB
  uint64_t misses = 0;        ///< requests that these could not answer
  uint64_t l2_hits = 0;       ///< misses answered by the L2 TLB
  uint64_t walks = 0;         ///< walks of the page tables
  uint64_t entries_read = 0;  ///< page-table entries read from memory
  uint64_t faults = 0;        ///< accesses that faulted, again at each replay
  uint64_t packets = 0;       ///< packets written to a fault buffer
  uint64_t dropped = 0;       ///< packets and snapshots lost: full, unwritable, filtered
  uint64_t replays = 0;       ///< parked requests translated again
  uint64_t cancels = 0;       ///< parked requests cancelled
  uint64_t invalidates = 0;   ///< invalidate operations
};

}  // namespace faultline::mmu
