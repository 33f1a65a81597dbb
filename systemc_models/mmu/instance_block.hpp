// SPDX-License-Identifier: MIT
// Address spaces as instance blocks describe them (dev_ram), and the cache of those in use.
#pragma once

#include <cstdint>
#include <optional>

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/mmu/lru_sets.hpp"
#include "systemc_models/mmu/utlb_map.hpp"
#include "systemc_models/mmu/walk.hpp"

namespace faultline::mmu {

/// An address space that a requester is bound to.
struct Binding {
  Table root;
  SpaceKey space = 0;
  bool replay_tex = false;
  bool replay_gcc = false;

  bool replay_enabled() const { return replay_tex || replay_gcc; }
  /// T1 and GCC clients, if replay is enabled for them.
  bool may_replay(const Requester& requester) const {
    if (requester.client_type != ClientType::kGpc) return false;
    if (is_t1(requester.client)) return replay_tex;
    return requester.client == static_cast<uint8_t>(regs::GpcClient::kGcc) && replay_gcc;
  }
};

/// Instance block and engine as one word: the engine decides which subcontext counts.
constexpr uint64_t binding_key(const InstancePointer& instance, uint16_t engine_id) {
  constexpr unsigned kEngineShift = 2;
  constexpr uint64_t kEngineMask = 0x1ff;
  return instance.address | ((engine_id & kEngineMask) << kEngineShift) |
         static_cast<uint64_t>(instance.aperture);
}

constexpr SpaceKey space_key(uint64_t pdb, Aperture aperture) {
  return pdb | static_cast<uint64_t>(aperture);
}
constexpr uint64_t pdb_of(SpaceKey space) { return space & ~uint64_t{3}; }
constexpr Aperture aperture_of(SpaceKey space) { return static_cast<Aperture>(space & 3); }

/// Reads an instance block when it is first used and keeps the outcome until it is dropped. What is
/// not bound is not kept.
class InstanceCache {
 public:
  InstanceCache(Memory& memory, unsigned entries)
      : memory_(memory), bindings_(LruSets<Binding>::of_entries(entries)) {}

  /// Nothing: no usable address space (UNBOUND_INST_BLOCK).
  std::optional<Binding> bind(const InstancePointer& instance, uint16_t engine_id);
  /// Forgets the bindings to the address spaces for which `matches(SpaceKey)`.
  template <typename Predicate>
  void drop_spaces(Predicate matches) {
    bindings_.erase_payload_if(
        [&matches](const Binding& binding) { return matches(binding.space); });
  }
  void clear() { bindings_.clear(); }

 private:
  Memory& memory_;
  LruSets<Binding> bindings_;
};

}  // namespace faultline::mmu
