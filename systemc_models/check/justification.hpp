// SPDX-License-Identifier: MIT
// Which answers the words that the RTL read can justify.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "systemc_models/check/invalidate_floors.hpp"
#include "systemc_models/check/word_history.hpp"
#include "systemc_models/mmu/instance_block.hpp"
#include "systemc_models/mmu/modes.hpp"
#include "systemc_models/mmu/walk.hpp"

namespace faultline::check {

using Resolution = std::variant<mmu::Answer, regs::FaultType>;

/// What an instance block may have said.
struct SeenBinding {
  std::optional<mmu::Binding> binding;  ///< nothing: unbound
  uint64_t newest = 0;                  ///< cycle of the last of its words that was read
};

/// A resolution, with the binding under which it came about; nothing: unbound.
struct Justified {
  Resolution resolution;
  std::optional<mmu::Binding> binding;
};

/// Runs the model's walk on what the RTL read. Where a word was seen with several values, each
/// of them counts that was read since the last invalidate of what depends on it.
class Justification {
 public:
  Justification(const WordHistory& history, const InvalidateFloors& floors)
      : history_(history), floors_(floors) {}

  /// Whether `wanted` holds for a resolution that may be the request's. Faults come from words that
  /// were read at `fault_floor` or later: what is cached never faults; and what was found before an
  /// invalidate may be told after it.
  bool any(const mmu::Request& request, const mmu::Modes& modes, uint64_t fault_floor,
           const std::function<bool(const Justified&)>& wanted) const;
  /// All that the instance block may say to the requester.
  using Bindings = std::vector<SeenBinding>;
  const Bindings& bindings(const mmu::Requester& requester) const;
  /// To be called when what was read of instance blocks, or the floors, have changed.
  void forget_bindings() { bindings_.clear(); }

 private:
  bool any_in(const SeenBinding& seen, const mmu::Request& request, const mmu::Modes& modes,
              uint64_t fault_floor, const std::function<bool(const Justified&)>& wanted) const;

  Bindings read_bindings(const mmu::Requester& requester) const;

  const WordHistory& history_;
  const InvalidateFloors& floors_;
  mutable std::unordered_map<uint64_t, Bindings> bindings_;  // by mmu::binding_key()
};

}  // namespace faultline::check
