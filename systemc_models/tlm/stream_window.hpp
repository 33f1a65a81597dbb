// SPDX-License-Identifier: MIT
// The pieces of a stream job that are in flight.
#pragma once

#include <array>
#include <memory>

#include "systemc_models/tlm/stream_slot.hpp"

namespace faultline::tlm {

/// In the order of the elements: they come at the end and leave at the front.
class StreamWindow {
 public:
  static constexpr unsigned kSlots = 16;

  unsigned size() const { return size_; }
  bool is_empty() const { return size_ == 0; }
  bool is_full() const { return size_ == kSlots; }
  StreamSlot& operator[](unsigned i) { return *slots_[(first_ + i) % kSlots]; }
  const StreamSlot& operator[](unsigned i) const { return *slots_[(first_ + i) % kSlots]; }

  /// What push() adds, unless the window is full.
  StreamSlot& next() {
    auto& slot = slots_[(first_ + size_) % kSlots];
    if (!slot) slot = std::make_unique<StreamSlot>();
    return *slot;
  }
  void push() { ++size_; }
  /// An empty window starts with its first slot again, which caches know.
  void pop() { first_ = --size_ == 0 ? 0 : (first_ + 1) % kSlots; }
  void clear() { first_ = size_ = 0; }

 private:
  std::array<std::unique_ptr<StreamSlot>, kSlots> slots_;  // made when they are needed
  unsigned first_ = 0;
  unsigned size_ = 0;
};

}  // namespace faultline::tlm
