// SPDX-License-Identifier: MIT
// One stream at work: up to 16 page accesses of a job in flight, parked ones waited for.
#pragma once

#include <memory>

#include "systemc_models/tlm/agenda.hpp"
#include "systemc_models/tlm/channel.hpp"
#include "systemc_models/tlm/memory_port.hpp"
#include "systemc_models/tlm/stream_operation.hpp"
#include "systemc_models/tlm/stream_window.hpp"
#include "systemc_models/tlm/translation_port.hpp"

namespace faultline::tlm {

/// Slots are taken in the order of the elements and retired in that order; in between, their
/// accesses go through as they are translated. An access waits for earlier ones to the same page if
/// either writes, so that later elements win.
///
/// The channel's process only begins a job and sleeps until it is over: the work is done from the
/// agenda and where answers come in, so that an access costs no switch of stacks.
class StreamRunner : public JobRunner {
 public:
  /// Issues as client T1_(2 * tpc) of `gpc`. Its number in the agenda is its channel's.
  StreamRunner(uint8_t gpc, uint8_t tpc, MemoryPort& memory, TranslationPort& translation,
               Agenda& agenda);

  Completion run(const Job& job, Channel& channel) override;

  /// All that can be done now: called when its time in the agenda has come.
  void proceed();

  /// Of an MMU that has one for each TPC; uTLB 0 is that of RGG.
  uint8_t utlb() const { return static_cast<uint8_t>(tpc_ + 1); }
  /// The answer for `tag`, first or late, if it is of this stream.
  void answered(uint64_t tag, const mmu::Answer& answer);
  /// Its uTLB may take requests again.
  void space();

 private:
  /// What comes next.
  enum class Phase : uint8_t {
    kOver,      ///< the next job
    kAsked,     ///< an answer
    kSpending,  ///< the end of the time that the last accesses took
    kWaiting,   ///< something from outside
  };

  // Where it helps they are inline, inside the source: an access passes most of them.
  void start(const Job& job, Channel& channel);
  bool is_over() const;
  void go_on();
  void changed();
  void refill();
  void issue();
  void issue(StreamSlot& slot);
  bool must_wait(unsigned slot) const;
  StreamSlot* find(uint64_t tag);
  void settle(StreamSlot& slot, const mmu::Answer& answer);
  void finish_access(StreamSlot& slot);
  bool touch(StreamSlot& slot, const mmu::Answer& answer);
  bool touch_element(StreamSlot& slot, uint32_t k, const mmu::Answer& answer, uint64_t address);
  bool move(StreamSlot& slot, std::span<std::byte> data, const mmu::Answer& answer,
            uint64_t address);
  void retire();
  void withdraw();
  void fail(regs::CompletionStatus status, const StreamSlot& slot, const mmu::Answer& answer);
  bool is_traced() const { return channel_->environment().trace.is_on(); }
  void trace(std::string_view event, const StreamSlot& slot, const mmu::Answer* answer);

  uint8_t gpc_;
  uint8_t tpc_;
  MemoryPort& memory_;
  TranslationPort& translation_;
  Agenda& agenda_;

  // Of the running job.
  const Job* job_ = nullptr;
  Channel* channel_ = nullptr;
  std::unique_ptr<StreamOperation> operation_;
  StreamWindow window_;
  mmu::Request request_;  // the latest; all are of one requester
  Phase phase_ = Phase::kOver;
  StreamSlot* asked_ = nullptr;  // whose answer is waited for, while kAsked
  bool ended_ = false;
  bool failed_ = false;
  bool worked_ = false;  // since time was last spent; it may have cost none
  Completion completion_;
  uint64_t cost_ = 0;  // ticks
  uint64_t serial_ = 0;
};

}  // namespace faultline::tlm
