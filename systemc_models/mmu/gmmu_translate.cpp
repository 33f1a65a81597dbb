// SPDX-License-Identifier: MIT
// Translation beyond the first-level TLBs.
#include <stdexcept>

#include "systemc_models/mmu/gmmu_model.hpp"

namespace faultline::mmu {

using regs::FaultType;

namespace {

constexpr unsigned kVaBits = 49;

Config checked(const Config& config) {
  if (config.gpcs == 0 || config.utlbs_per_gpc == 0 || config.replay_list_depth == 0)
    throw std::invalid_argument(
        "MMU configuration: gpcs, utlbs_per_gpc and replay_list_depth must be at least 1");
  if (config.default_fault_buffer_entries < 2 ||
      config.default_fault_buffer_entries > regs::mmu_fault_buffer_size::val.kMax)
    throw std::invalid_argument(
        "MMU configuration: default_fault_buffer_entries must be 2 to 1048575");
  return config;
}

}  // namespace

Gmmu::Gmmu(const Config& config, Memory& memory, Listener& listener, Clock& clock)
    : config_(checked(config)),
      memory_(memory),
      listener_(listener),
      clock_(clock),
      tlbs_(config),
      walker_(memory, statistics_, config.pde_cache_entries),
      instances_(memory, config.instance_cache_entries),
      lists_(tlbs_.hub(), config.replay_list_depth),
      registers_(config.default_fault_buffer_entries) {}

// Flat: as fast as one long function, which nobody would want to read.
[[gnu::flatten]] Answer Gmmu::translate_slow(const Request& request) {
  if (trace_) trace_->access(request);
  const unsigned tlb = tlbs_.index_of(request.requester);
  const Resolution resolution = resolve(request, tlb);
  if (const auto* answer = std::get_if<Answer>(&resolution)) return *answer;
  return take_fault(request, tlb, std::get<FaultType>(resolution));
}

// The order of the checks: UNBOUND, VA_LIMIT, then the walk, then the page's attributes.
Gmmu::Resolution Gmmu::resolve(const Request& request, unsigned tlb) {
  if (modes_.mmu_disable) return untranslated(modes_, request.va);
  const Binding* const binding = bind(request.requester, tlbs_.first(tlb));
  if (!binding) return FaultType::kUnboundInstBlock;
  if (request.va >> kVaBits) return FaultType::kVaLimitViolation;
  return resolve_in(*binding, request, tlb);
}

// Null: unbound. Most requests come from the one whom the TLB served last.
const Binding* Gmmu::bind(const Requester& requester, FirstLevelTlb& tlb) {
  const uint64_t key = binding_key(requester.instance, requester.engine_id);
  if (tlb.last_requester == key) return &tlb.last_binding;
  const std::optional<Binding> binding = instances_.bind(requester.instance, requester.engine_id);
  if (!binding) return nullptr;
  tlb.last_requester = key;
  tlb.last_binding = *binding;
  return &tlb.last_binding;
}

Gmmu::Resolution Gmmu::resolve_in(const Binding& binding, const Request& request, unsigned tlb) {
  const Leaf* const leaf = cached_leaf(binding.space, request, tlb);
  if (!leaf) return walk_for(binding, request, tlb);
  const Answer answer = answer_from(*leaf, request.va);
  if (trace_) trace_->hit(request, answer);
  return answer;
}

// A cached page that forbids the access is forgotten: the tables may allow it by now, and software
// need not invalidate to widen what a page allows.
const Leaf* Gmmu::cached_leaf(SpaceKey space, const Request& request, unsigned tlb) {
  const unsigned access = access_index(request.access, request.requester.privileged);
  LruSets<Leaf>& first = tlbs_.first(tlb).leaves;
  const auto look_in = [&](LruSets<Leaf>& leaves) -> const Leaf* {
    const Leaf* const leaf = find_leaf(leaves, space, request.va);
    if (!leaf || leaf->allowed >> access & 1) return leaf;
    leaves.erase(space, request.va, leaf->page_shift);
    return nullptr;
  };
  if (const Leaf* const leaf = look_in(first)) {
    ++statistics_.hits;
    return leaf;
  }
  ++statistics_.misses;
  if (trace_) trace_->miss(request);
  const Leaf* const leaf = look_in(tlbs_.l2());
  if (!leaf) return nullptr;
  ++statistics_.l2_hits;
  first.insert(space, request.va, leaf->page_shift, *leaf);
  return leaf;
}

// No fault, of the walk or of the page found, is taken from a cached directory entry: the walk is
// repeated from the root first.
Gmmu::Resolution Gmmu::walk_for(const Binding& binding, const Request& request, unsigned tlb) {
  ++statistics_.walks;
  auto use = PdeCacheUse::kOff;
  if (modes_.keeps_directories) {
    use = PdeCacheUse::kUse;
    if (const auto cached = walker_.walk_from_cache(binding.space, request.va)) {
      const Resolution resolution = accept(*cached, binding, request, tlb);
      if (std::holds_alternative<Answer>(resolution)) return resolution;
    }
  }
  return accept(walker_.walk(binding.space, binding.root, request.va, use), binding, request, tlb);
}

// What a walk found becomes the answer and is kept, or the request's fault.
Gmmu::Resolution Gmmu::accept(const WalkResult& found, const Binding& binding,
                              const Request& request, unsigned tlb) {
  if (const auto* fault = std::get_if<FaultType>(&found)) return *fault;
  if (std::holds_alternative<Sparse>(found)) return Answer{.outcome = Outcome::kSparse};

  Leaf leaf = std::get<Leaf>(found);
  const auto fault =
      check_access(leaf, request.access, request.requester.privileged, modes_.strong_atomics);
  if (fault) return *fault;
  leaf.allowed = allowed_accesses(leaf, modes_.strong_atomics);
  if (modes_.keeps_pages) {
    tlbs_.first(tlb).leaves.insert(binding.space, request.va, leaf.page_shift, leaf);
    tlbs_.l2().insert(binding.space, request.va, leaf.page_shift, leaf);
  }
  return answer_from(leaf, request.va);
}

Answer Gmmu::resolve_bar(Bar bar, uint64_t offset, Access access) {
  if (registers_.bar_mode(bar) == regs::BarMode::kPhysical)
    return {.outcome = Outcome::kTranslated, .pa = offset, .page_shift = shift_of(Level::kPde0)};
  const Request request = registers_.bar_request(bar, offset, access);
  if (trace_) trace_->access(request);
  const Resolution resolution = resolve(request, tlbs_.hub());
  if (const auto* answer = std::get_if<Answer>(&resolution)) return *answer;
  const FaultType type = std::get<FaultType>(resolution);
  ++statistics_.faults;
  latch(record_of(request, type));
  return {.outcome = Outcome::kFaulted, .fault_type = static_cast<uint8_t>(type)};
}

Answer Gmmu::translate_bar(Bar bar, uint64_t offset, Access access) {
  const Answer answer = resolve_bar(bar, offset, access);
  update_interrupts(0);
  deliver();
  return answer;
}

}  // namespace faultline::mmu
