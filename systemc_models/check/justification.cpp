// SPDX-License-Identifier: MIT
// The model's walk over all the values that it may have met.
#include "systemc_models/check/justification.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace faultline::check {

using mmu::Aperture;
using regs::FaultType;

namespace {

constexpr unsigned kVaBits = 49;
/// Of one request. Words change rarely, so that there are few; beyond this nothing is said.
constexpr unsigned kMostCombinations = 4096;

/// Counts through all combinations of choices, each with as many options as came up on the way.
class Choices {
 public:
  void restart() { at_ = 0; }
  size_t choose(size_t options) {
    if (at_ == chosen_.size()) chosen_.push_back({.option = 0, .options = options});
    return chosen_[at_++].option;
  }
  /// False: all were tried.
  bool next() {
    while (!chosen_.empty() && ++chosen_.back().option == chosen_.back().options)
      chosen_.pop_back();
    return !chosen_.empty();
  }

 private:
  struct Choice {
    size_t option;
    size_t options;
  };
  std::vector<Choice> chosen_;
  size_t at_ = 0;
};

/// Memory as the RTL saw it, one of the values of each word.
class SeenMemory : public mmu::Memory {
 public:
  explicit SeenMemory(const WordHistory& history) : history_(history) {}

  /// Of a table entry: it must have been seen. Of an instance block: of what was not looked at,
  /// nothing depends.
  bool read(Aperture aperture, uint64_t address, std::span<std::byte> out) override {
    constexpr uint64_t kMask = WordHistory::kBytes - 1;
    bool all = true;
    for (size_t done = 0; done < out.size();) {
      const uint64_t word = (address + done) & ~kMask;
      const uint64_t offset = (address + done) & kMask;
      const size_t bytes = std::min<size_t>(out.size() - done, WordHistory::kBytes - offset);
      all = read_word(aperture, word, offset, out.subspan(done, bytes)) && all;
      done += bytes;
    }
    return all;
  }

  bool write(Aperture, uint64_t, std::span<const std::byte>) override { return false; }

  void restart() {
    choices_.restart();
    read_at.clear();
    unseen = false;
    newest = 0;
  }
  bool next() { return choices_.next(); }

  std::vector<uint64_t> read_at;  ///< cycles, of each word in turn
  uint64_t newest = 0;
  bool unseen = false;

 private:
  bool read_word(Aperture aperture, uint64_t address, uint64_t offset, std::span<std::byte> out) {
    const auto& sightings = history_.at(aperture, address);
    if (sightings.empty()) {
      unseen = true;
      std::ranges::fill(out, std::byte{0});
      return true;
    }
    // Newest first: that is nearly always the right one.
    const Sighting& sighting =
        *(sightings.rbegin() + static_cast<ptrdiff_t>(choices_.choose(sightings.size())));
    read_at.push_back(sighting.last_read);
    newest = std::max(newest, sighting.last_read);
    const auto data = std::as_bytes(std::span(sighting.data)).subspan(offset, out.size());
    std::ranges::copy(data, out.begin());
    return !sighting.error;
  }

  const WordHistory& history_;
  Choices choices_;
};

struct StepLevels : mmu::Trace {
  void walk_step(const mmu::WalkStep& step) override { levels.push_back(step.level); }
  std::vector<mmu::Level> levels;
};

Resolution resolution_of(const mmu::WalkResult& found, const mmu::Request& request,
                         const mmu::Modes& modes) {
  if (const auto* fault = std::get_if<FaultType>(&found)) return *fault;
  if (std::holds_alternative<mmu::Sparse>(found))
    return mmu::Answer{.outcome = mmu::Outcome::kSparse};
  const auto& leaf = std::get<mmu::Leaf>(found);
  const auto fault =
      check_access(leaf, request.access, request.requester.privileged, modes.strong_atomics);
  if (fault) return *fault;
  return answer_from(leaf, request.va);
}

/// Whether the words of this walk can still be in use. Of a page only what it says itself is kept,
/// not the larger one that was passed by.
bool is_current(const SeenMemory& memory, const StepLevels& steps, const mmu::WalkResult& found,
                mmu::SpaceKey space, uint64_t va, const ClientFloors& floors) {
  const auto* leaf = std::get_if<mmu::Leaf>(&found);
  const unsigned page_shift = leaf ? leaf->page_shift : shift_of(mmu::Level::kPte4k);
  const uint64_t page_floor = floors.page(space, va, page_shift);
  for (size_t i = 0; i < steps.levels.size(); ++i) {
    const mmu::Level level = steps.levels[i];
    const bool is_page = level < mmu::Level::kPde0 || (leaf && page_shift == shift_of(level));
    const uint64_t floor = is_page ? page_floor : floors.directory(space, va, level);
    if (memory.read_at[i] < floor) return false;
  }
  return true;
}

}  // namespace

const Justification::Bindings& Justification::bindings(const mmu::Requester& requester) const {
  const uint64_t key = mmu::binding_key(requester.instance, requester.engine_id);
  auto known = bindings_.find(key);
  if (known == bindings_.end()) known = bindings_.emplace(key, read_bindings(requester)).first;
  return known->second;
}

Justification::Bindings Justification::read_bindings(const mmu::Requester& requester) const {
  Bindings found;
  SeenMemory memory(history_);
  unsigned tried = 0;
  do {
    memory.restart();
    mmu::InstanceCache reader(memory, 0);
    const auto binding = reader.bind(requester.instance, requester.engine_id);
    found.push_back({.binding = binding, .newest = memory.newest});
  } while (memory.next() && ++tried < kMostCombinations);
  return found;
}

bool Justification::any(const mmu::Request& request, const mmu::Modes& modes, uint64_t fault_floor,
                        const std::function<bool(const Justified&)>& wanted) const {
  if (modes.mmu_disable && wanted({mmu::untranslated(modes, request.va), {}})) return true;
  for (const SeenBinding& seen : bindings(request.requester)) {
    const auto& binding = seen.binding;
    if (!binding) {
      if (wanted({FaultType::kUnboundInstBlock, {}})) return true;
    } else if (request.va >> kVaBits) {
      if (wanted({FaultType::kVaLimitViolation, binding})) return true;
    } else if (any_in(seen, request, modes, fault_floor, wanted)) {
      return true;
    }
  }
  return false;
}

bool Justification::any_in(const SeenBinding& seen, const mmu::Request& request,
                           const mmu::Modes& modes, uint64_t fault_floor,
                           const std::function<bool(const Justified&)>& wanted) const {
  const mmu::Binding& binding = *seen.binding;
  const ClientFloors& floors = floors_.of(request.requester.client_type);
  const bool is_bound = seen.newest >= floors_.binding(binding.space);
  SeenMemory memory(history_);
  mmu::Statistics statistics;
  StepLevels steps;
  mmu::Walker walker(memory, statistics, 0);
  walker.set_trace(&steps);
  unsigned tried = 0;
  do {
    memory.restart();
    steps.levels.clear();
    const auto found = walker.walk(binding.space, binding.root, request.va, mmu::PdeCacheUse::kOff);
    if (memory.unseen) continue;
    const Resolution resolution = resolution_of(found, request, modes);
    const bool holds =
        std::holds_alternative<FaultType>(resolution)
            ? std::ranges::min(memory.read_at) >= fault_floor
            : is_bound && is_current(memory, steps, found, binding.space, request.va, floors);
    if (holds && wanted({resolution, binding})) return true;
  } while (memory.next() && ++tried < kMostCombinations);
  return tried >= kMostCombinations;
}

}  // namespace faultline::check
