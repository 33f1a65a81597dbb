// SPDX-License-Identifier: MIT
// Page tables as they are at this moment, beside what the MMU has cached.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "systemc_models/mmu/instance_block.hpp"
#include "systemc_models/mmu/walk.hpp"

namespace faultline::sanitize {

/// An entry that a walk read.
struct Step {
  mmu::Level level = mmu::Level::kPte4k;
  mmu::Aperture aperture = mmu::Aperture::kVidmem;
  uint64_t address = 0;
  std::array<uint64_t, regs::dual_pde::kWords> words{};
  size_t count = 0;  ///< of `words`

  bool operator==(const Step&) const = default;
};

/// All of them, from the root on.
class Path {
 public:
  void add(const mmu::WalkStep& step);
  std::span<const Step> steps() const { return std::span(steps_).first(count_); }
  bool operator==(const Path& other) const;

 private:
  static constexpr size_t kMost = 6;  // four directories, two sizes of pages

  std::array<Step, kMost> steps_{};
  size_t count_ = 0;
};

struct Walk {
  Path path;
  mmu::WalkResult result;
};

class TableWalk : private mmu::Trace {
 public:
  explicit TableWalk(mmu::Memory& memory);

  /// As the MMU does, it keeps what it read of instance blocks until it is told otherwise.
  std::optional<mmu::Binding> bind(const mmu::Requester& requester) {
    return instances_.bind(requester.instance, requester.engine_id);
  }
  void forget_bindings() { instances_.clear(); }

  Walk walk(const mmu::Binding& binding, uint64_t va);
  /// Whether all words are as they were.
  bool is_unchanged(const Path& path);

 private:
  void walk_step(const mmu::WalkStep& step) override { path_.add(step); }

  mmu::Memory& memory_;
  mmu::Statistics statistics_;
  mmu::Walker walker_;
  mmu::InstanceCache instances_;
  Path path_;
};

}  // namespace faultline::sanitize
