// SPDX-License-Identifier: MIT
// One stream at work: up to 16 page accesses of a job in flight, parked ones waited for.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "systemc_models/tlm/channel.hpp"
#include "systemc_models/tlm/memory_port.hpp"
#include "systemc_models/tlm/stream_operation.hpp"
#include "systemc_models/tlm/translation_port.hpp"

namespace faultline::tlm {

/// Slots are taken in the order of the elements and retired in that order; in between, their
/// accesses go through as they are translated. An access waits for earlier ones to the same page if
/// either writes, so that later elements win.
class StreamRunner : public JobRunner {
 public:
  static constexpr unsigned kMaxInFlight = 16;

  /// Issues as client T1_(2 * tpc) of `gpc`.
  StreamRunner(uint8_t gpc, uint8_t tpc, MemoryPort& memory, TranslationPort& translation);

  Completion run(const Job& job, Channel& channel) override;

  /// Of an MMU that has one for each TPC; uTLB 0 is that of RGG.
  uint8_t utlb() const { return static_cast<uint8_t>(tpc_ + 1); }
  /// A late answer for `tag`, if it is of this stream.
  void answered(uint64_t tag, const mmu::Answer& answer);
  /// Its uTLB may take requests again.
  void space();

 private:
  enum class Progress : uint8_t { kNone, kSome };

  void start(const Job& job, Channel& channel);
  bool is_over() const;
  void refill();
  Progress issue();
  void issue(StreamSlot& slot);
  bool must_wait(size_t slot) const;
  void settle(StreamSlot& slot, const mmu::Answer& answer);
  void finish_access(StreamSlot& slot);
  bool touch(StreamSlot& slot, const mmu::Answer& answer);
  bool touch_element(StreamSlot& slot, uint32_t k, const mmu::Answer& answer, uint64_t address);
  bool move(StreamSlot& slot, std::span<std::byte> data, const mmu::Answer& answer,
            uint64_t address);
  void retire();
  void withdraw();
  void fail(regs::CompletionStatus status, const StreamSlot& slot, const mmu::Answer& answer);
  void trace(std::string_view event, const StreamSlot& slot, const mmu::Answer* answer);

  uint8_t gpc_;
  uint8_t tpc_;
  MemoryPort& memory_;
  TranslationPort& translation_;
  std::vector<std::unique_ptr<StreamSlot>> free_;

  // Of the running job.
  const Job* job_ = nullptr;
  Channel* channel_ = nullptr;
  std::unique_ptr<StreamOperation> operation_;
  std::deque<std::unique_ptr<StreamSlot>> window_;
  mmu::Requester requester_;
  bool ended_ = false;
  bool failed_ = false;
  Completion completion_;
  sc_core::sc_time cost_;
  uint64_t serial_ = 0;
};

}  // namespace faultline::tlm
