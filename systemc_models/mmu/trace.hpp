// SPDX-License-Identifier: MIT
// What an observer of the MMU can see.
#pragma once

#include <cstdint>
#include <span>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::mmu {

/// Lowest VA bit that selects an entry of each directory or table.
enum class Level : uint8_t {
  kPte4k = 12,
  kPte64k = 16,
  kPde0 = 21,
  kPde1 = 29,
  kPde2 = 38,
  kPde3 = 47
};

constexpr unsigned shift_of(Level level) { return static_cast<unsigned>(level); }

/// An entry that a walk read. Dual entries (Level::kPde0) have two words.
struct WalkStep {
  Level level;
  Aperture aperture;  ///< of the entry itself
  uint64_t address;   ///< of the entry itself
  std::span<const uint64_t> entry;
};

/// One fault as the MMU reports it, before it is packed into a packet or the snapshot.
struct FaultRecord {
  Requester requester;
  uint64_t va = 0;
  Access access = Access::kRead;
  regs::FaultType type = regs::FaultType::kPde;
  bool replayable = false;      ///< the request is parked
  bool replay_enabled = false;  ///< for some client of the instance block
  uint64_t timestamp_ns = 0;
};

/// What one invalidate asks for.
struct InvalidateEvent {
  uint32_t operation = 0;  ///< the MMU_INVALIDATE word
  uint64_t pdb = 0;
  uint64_t va = 0;
};

/// Events in the order in which they happen. Must not call the MMU. While one is set, every access
/// takes the slow path.
class Trace {
 public:
  virtual ~Trace() = default;
  virtual void access(const Request&) {}
  virtual void hit(const Request&, const Answer&) {}
  virtual void miss(const Request&) {}
  virtual void walk_step(const WalkStep&) {}
  virtual void packet(regs::FaultBuffer, uint32_t /*index*/, const FaultRecord&) {}
  virtual void interrupt(uint32_t /*pending*/, uint32_t /*rose*/) {}
  virtual void invalidate(const InvalidateEvent&) {}
  virtual void replayed(const Request&) {}
  virtual void cancelled(const Request&) {}
  virtual void answered(uint64_t /*tag*/, const Answer&) {}
};

}  // namespace faultline::mmu
