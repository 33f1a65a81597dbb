// SPDX-License-Identifier: MIT
// One small class for each way to go through memory.
#include "systemc_models/tlm/stream_operation.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "systemc_models/tlm/elements.hpp"

namespace faultline::tlm {

namespace {

// Indices and pointers have 8 bytes.
constexpr unsigned kWordShift = 3;

/// COPY, FILL, TRANSFORM, REDUCE: straight through one or two ranges.
class RangeOperation : public StreamOperation {
 public:
  explicit RangeOperation(const Job& job)
      : job_(job),
        reads_(job.opcode != regs::Opcode::kFill),
        writes_(job.opcode != regs::Opcode::kReduce),
        result_(job.opcode == regs::Opcode::kReduce ? job.operand : 0) {}

  Supply next(StreamSlot& slot) override {
    if (position_ == job_.count) return Supply::kEnd;
    const uint64_t offset = position_ << job_.element_shift;
    uint64_t bytes = (job_.count - position_) << job_.element_shift;
    if (reads_) {
      slot.add({.access = mmu::Access::kRead, .va = job_.src + offset});
      bytes = std::min(bytes, bytes_to_page_end(job_.src + offset));
    }
    if (writes_) {
      slot.add({.access = mmu::Access::kWrite, .va = job_.dst + offset});
      bytes = std::min(bytes, bytes_to_page_end(job_.dst + offset));
    }
    slot.count = static_cast<uint32_t>(bytes >> job_.element_shift);
    slot.elements = slot.count;
    position_ += slot.count;
    if (!reads_) fill(slot.bytes(), job_.element_shift, job_.operand);
    return Supply::kSlot;
  }

  void accessed(StreamSlot& slot) override {
    if (slot.current().access != mmu::Access::kRead) return;
    const auto bytes = slot.bytes();
    if (job_.opcode == regs::Opcode::kTransform)
      transform(bytes, job_.element_shift, job_.alu_op, job_.operand);
    if (job_.opcode == regs::Opcode::kReduce)
      result_ = fold(bytes, job_.element_shift, job_.alu_op, result_);
  }

  uint64_t result() const override { return result_; }

 private:
  const Job& job_;
  bool reads_;
  bool writes_;
  uint64_t position_ = 0;
  uint64_t result_;
};

/// GATHER, SCATTER: indices are read a page at a time; a run of elements in one page is one slot.
class IndexedOperation : public StreamOperation {
 public:
  explicit IndexedOperation(const Job& job)
      : job_(job), gathers_(job.opcode == regs::Opcode::kGather) {}

  Supply next(StreamSlot& slot) override {
    if (position_ == job_.count) return Supply::kEnd;
    if (position_ < first_index_ + indices_.size()) {
      take_run(slot);
      return Supply::kSlot;
    }
    if (reading_) return Supply::kBlocked;
    reading_ = true;
    read_indices(slot);
    return Supply::kLast;
  }

  void accessed(StreamSlot& slot) override {
    if (slot.elements != 0) return;
    reading_ = false;
    first_index_ = position_;
    indices_.resize(slot.count);
    std::memcpy(indices_.data(), slot.data.data(), slot.count * sizeof(uint64_t));
  }

 private:
  /// A slot of indices finishes no elements: so accessed() knows it.
  void read_indices(StreamSlot& slot) {
    const uint64_t va = job_.index + position_ * sizeof(uint64_t);
    slot.add({.access = mmu::Access::kRead, .va = va});
    slot.element_shift = kWordShift;
    slot.count = static_cast<uint32_t>(
        std::min(job_.count - position_, bytes_to_page_end(va) / sizeof(uint64_t)));
  }

  uint64_t scattered_va(uint64_t position) const {
    const uint64_t base = gathers_ ? job_.src : job_.dst;
    return base + (indices_[position - first_index_] << job_.element_shift);
  }

  void take_run(StreamSlot& slot) {
    const uint64_t contiguous_base = gathers_ ? job_.dst : job_.src;
    const uint64_t contiguous_va = contiguous_base + (position_ << job_.element_shift);
    const uint64_t scattered = scattered_va(position_);
    const uint64_t room = bytes_to_page_end(contiguous_va) >> job_.element_shift;
    const uint64_t end = std::min(first_index_ + indices_.size(),
                                  position_ + std::min<uint64_t>(room, StreamSlot::kMaxScattered));
    while (position_ < end && page_of(scattered_va(position_)) == page_of(scattered))
      slot.offsets[slot.count++] = static_cast<uint16_t>(scattered_va(position_++) % kPageBytes);
    slot.elements = slot.count;
    const Layout source = gathers_ ? Layout::kScattered : Layout::kContiguous;
    const Layout target = gathers_ ? Layout::kContiguous : Layout::kScattered;
    slot.add({.access = mmu::Access::kRead,
              .va = gathers_ ? scattered : contiguous_va,
              .layout = source});
    slot.add({.access = mmu::Access::kWrite,
              .va = gathers_ ? contiguous_va : scattered,
              .layout = target});
  }

  const Job& job_;
  bool gathers_;
  uint64_t position_ = 0;
  bool reading_ = false;
  uint64_t first_index_ = 0;
  std::vector<uint64_t> indices_;
};

/// POINTER_WALK: each address comes from the access before it.
class PointerWalk : public StreamOperation {
 public:
  explicit PointerWalk(const Job& job) : job_(job), pointer_(job.src) {}

  Supply next(StreamSlot& slot) override {
    if (reading_) return Supply::kBlocked;
    if (ended_ || steps_ == job_.count) return Supply::kEnd;
    const uint64_t va = pointer_ + job_.stride;
    if (va % sizeof(uint64_t) != 0) return Supply::kBadJob;
    reading_ = true;
    slot.add({.access = mmu::Access::kRead, .va = va});
    slot.element_shift = kWordShift;  // whatever DATA_SIZE says
    slot.count = 1;
    return Supply::kLast;
  }

  void accessed(StreamSlot& slot) override {
    reading_ = false;
    uint64_t following;
    std::memcpy(&following, slot.data.data(), sizeof following);
    ended_ = following == 0;
    if (ended_) return;
    pointer_ = following;
    ++steps_;
    slot.elements = 1;
  }

  uint64_t result() const override { return pointer_; }

 private:
  const Job& job_;
  uint64_t pointer_;
  uint64_t steps_ = 0;
  bool reading_ = false;
  bool ended_ = false;
};

/// ATOMIC, ATOMIC_EXCH, ATOMIC_CAS: strided single accesses; a run in one page is one slot.
class AtomicOperation : public StreamOperation {
 public:
  explicit AtomicOperation(const Job& job) : job_(job) {}

  Supply next(StreamSlot& slot) override {
    if (position_ == job_.count) return Supply::kEnd;
    const uint64_t va = va_of(position_);
    const uint64_t end =
        position_ + std::min<uint64_t>(job_.count - position_, StreamSlot::kMaxScattered);
    slot.first = position_;
    while (position_ < end && page_of(va_of(position_)) == page_of(va))
      slot.offsets[slot.count++] = static_cast<uint16_t>(va_of(position_++) % kPageBytes);
    slot.elements = slot.count;
    slot.add({.access = job_.weak ? mmu::Access::kAtomicWeak : mmu::Access::kAtomic,
              .va = va,
              .layout = Layout::kScattered});
    return Supply::kSlot;
  }

  /// Pages may be reached out of order: RESULT belongs to the last element, not the latest.
  void atomic(StreamSlot& slot, uint32_t k, std::byte* at) override {
    const uint64_t old = at ? with_element(job_.element_shift,
                                           [&]<typename T>(T) -> uint64_t { return update<T>(at); })
                            : 0;
    if (slot.first + k < result_position_) return;
    result_position_ = slot.first + k;
    result_ = old;
  }

  uint64_t result() const override { return result_; }

 private:
  uint64_t va_of(uint64_t position) const { return job_.dst + position * job_.stride; }

  template <typename T>
  uint64_t update(std::byte* at) const {
    const T operand = static_cast<T>(job_.operand);
    const T compare = static_cast<T>(job_.compare);
    switch (job_.opcode) {
      case regs::Opcode::kAtomicExch:
        return atomic_update<T>(at, [operand](T) { return operand; });
      case regs::Opcode::kAtomicCas:
        return atomic_update<T>(at, [=](T old) { return old == compare ? operand : old; });
      default:
        return atomic_update<T>(at,
                                [this, operand](T old) { return alu(job_.alu_op, old, operand); });
    }
  }

  const Job& job_;
  uint64_t position_ = 0;
  uint64_t result_position_ = 0;
  uint64_t result_ = 0;
};

/// PREFETCH: one access a page.
class Prefetch : public StreamOperation {
 public:
  explicit Prefetch(const Job& job) : job_(job) {}

  Supply next(StreamSlot& slot) override {
    if (position_ == job_.count) return Supply::kEnd;
    const uint64_t va = job_.dst + (position_ << job_.element_shift);
    slot.elements = std::min(job_.count - position_, bytes_to_page_end(va) >> job_.element_shift);
    position_ += slot.elements;
    slot.add({.access = mmu::Access::kPrefetch, .va = va});
    return Supply::kSlot;
  }

 private:
  const Job& job_;
  uint64_t position_ = 0;
};

}  // namespace

std::unique_ptr<StreamOperation> make_stream_operation(const Job& job) {
  switch (job.opcode) {
    case regs::Opcode::kNop:
      return nullptr;
    case regs::Opcode::kCopy:
    case regs::Opcode::kFill:
    case regs::Opcode::kTransform:
    case regs::Opcode::kReduce:
      return std::make_unique<RangeOperation>(job);
    case regs::Opcode::kGather:
    case regs::Opcode::kScatter:
      return std::make_unique<IndexedOperation>(job);
    case regs::Opcode::kPointerWalk:
      return std::make_unique<PointerWalk>(job);
    case regs::Opcode::kAtomic:
    case regs::Opcode::kAtomicExch:
    case regs::Opcode::kAtomicCas:
      return std::make_unique<AtomicOperation>(job);
    case regs::Opcode::kPrefetch:
      return std::make_unique<Prefetch>(job);
  }
  return nullptr;
}

}  // namespace faultline::tlm
