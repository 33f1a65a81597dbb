// SPDX-License-Identifier: MIT
// The model's own walk, without its caches.
#include "systemc_models/sanitize/table_walk.hpp"

#include <algorithm>
#include <utility>

namespace faultline::sanitize {

namespace {

constexpr unsigned kNoDirectories = 0;
constexpr unsigned kInstances = 64;

}  // namespace

void Path::add(const mmu::WalkStep& step) {
  Step& next = steps_.at(count_++);
  next = {.level = step.level,
          .aperture = step.aperture,
          .address = step.address,
          .count = step.entry.size()};
  std::ranges::copy(step.entry, next.words.begin());
}

bool Path::operator==(const Path& other) const {
  return std::ranges::equal(steps(), other.steps());
}

TableWalk::TableWalk(mmu::Memory& memory)
    : memory_(memory),
      walker_(memory, statistics_, kNoDirectories),
      instances_(memory, kInstances) {
  walker_.set_trace(this);
}

Walk TableWalk::walk(const mmu::Binding& binding, uint64_t va) {
  path_ = {};
  mmu::WalkResult result = walker_.walk(binding.space, binding.root, va, mmu::PdeCacheUse::kOff);
  return {.path = path_, .result = std::move(result)};
}

bool TableWalk::is_unchanged(const Path& path) {
  return std::ranges::all_of(path.steps(), [this](const Step& step) {
    std::array<uint64_t, regs::dual_pde::kWords> now{};
    const auto words = std::span(now).first(step.count);
    return memory_.read(step.aperture, step.address, std::as_writable_bytes(words)) &&
           now == step.words;
  });
}

}  // namespace faultline::sanitize
