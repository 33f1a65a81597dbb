// SPDX-License-Identifier: MIT
// Parked requests that are replayed and replayed.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "systemc_models/mmu/invalidate.hpp"
#include "systemc_models/sanitize/mistake.hpp"
#include "systemc_models/sanitize/table_walk.hpp"

namespace faultline::sanitize {

/// A replay may come too early for a request: others were served first. But a driver that replays
/// an address space so often has had its packet each time.
class Replays {
 public:
  /// More than a driver needs to serve all that an address space can have parked, batch by batch.
  static constexpr unsigned kMost = 64;

  /// Told of a request whose walk meets an entry behind which no memory answers.
  using Outside = std::function<void(const mmu::Request&, const mmu::Binding&, uint64_t now_ns)>;

  Replays(TableWalk& walk, Report report, Outside outside)
      : walk_(walk), report_(std::move(report)), outside_(std::move(outside)) {}

  void parked(const mmu::Request& request, uint64_t now_ns);
  /// The request, if it was parked.
  std::optional<mmu::Request> ended(uint64_t tag);
  /// About to be carried out.
  void replay(const mmu::Invalidate& operation, uint64_t now_ns);
  void clear() { parked_.clear(); }

 private:
  struct Parked {
    mmu::Request request;
    uint64_t parked_ns;
    Path path{};
    std::vector<uint64_t> replays_ns{};  ///< of replays with the tables as in `path`
    bool reported = false;
  };

  void replay_one(Parked& parked, const mmu::Binding& binding, uint64_t now_ns);
  void complain(const Parked& parked, const mmu::Binding& binding, uint64_t now_ns);

  TableWalk& walk_;
  Report report_;
  Outside outside_;
  std::unordered_map<uint64_t, Parked> parked_;  // by tag
};

}  // namespace faultline::sanitize
