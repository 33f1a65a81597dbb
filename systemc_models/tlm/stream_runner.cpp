// SPDX-License-Identifier: MIT
// The window of page accesses and what becomes of them.
#include "systemc_models/tlm/stream_runner.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace faultline::tlm {

namespace {

/// dev_fault, CLIENT: T1_(2n), the even texture unit of TPC n.
regs::GpcClient client_of(uint8_t tpc) {
  using enum regs::GpcClient;
  constexpr std::array kClients = {kT1_0, kT1_2, kT1_4, kT1_6, kT1_8, kT1_10, kT1_12, kT1_14};
  return kClients[tpc];
}

std::string_view name(mmu::Access access) {
  return to_string(static_cast<regs::AccessType>(access));
}

}  // namespace

StreamRunner::StreamRunner(uint8_t gpc, uint8_t tpc, MemoryPort& memory,
                           TranslationPort& translation, Agenda& agenda)
    : gpc_(gpc), tpc_(tpc), memory_(memory), translation_(translation), agenda_(agenda) {}

void StreamRunner::start(const Job& job, Channel& channel) {
  const ChannelConfig& config = channel.config();
  job_ = &job;
  channel_ = &channel;
  request_.requester = {.instance = config.instance,
                        .engine_id = static_cast<uint16_t>(
                            std::to_underlying(regs::EngineId::kGraphics) + config.veid),
                        .client_type = mmu::ClientType::kGpc,
                        .client = std::to_underlying(client_of(tpc_)),
                        .gpc = gpc_,
                        .privileged = config.privileged};
  completion_ = {};
  cost_ = 0;
  failed_ = worked_ = false;
  if (is_well_formed(job, EngineKind::kStream, config.addressing)) {
    operation_ = make_stream_operation(job);
  } else {
    operation_ = nullptr;
    completion_.status = regs::CompletionStatus::kBadJob;
  }
  ended_ = !operation_;
}

/// A failed job, too, waits for what it has in flight: whoever cancels one access after the other
/// must not hit those of the next job.
inline bool StreamRunner::is_over() const {
  if (!failed_) return ended_ && window_.is_empty();
  for (unsigned i = 0; i < window_.size(); ++i)
    if (window_[i].wait == StreamSlot::Wait::kParked) return false;
  return true;
}

Completion StreamRunner::run(const Job& job, Channel& channel) {
  start(job, channel);
  proceed();
  while (phase_ == Phase::kAsked || (phase_ != Phase::kOver && channel.is_live()))
    channel.wait_for_change();
  agenda_.clear(channel.index());
  phase_ = Phase::kOver;
  if (!is_over()) completion_.status = regs::CompletionStatus::kAborted;
  withdraw();
  if (operation_) completion_.result = operation_->result();
  return completion_;
}

void StreamRunner::proceed() {
  retire();
  if (channel_->is_live() && !is_over()) refill();
  go_on();
}

/// Comes by again for each first answer. The time of all accesses is spent together.
inline void StreamRunner::go_on() {
  phase_ = Phase::kWaiting;
  if (channel_->is_live()) issue();
  if (phase_ == Phase::kAsked) return;
  if (std::exchange(worked_, false)) {
    phase_ = Phase::kSpending;
    agenda_.set(channel_->index(), std::exchange(cost_, 0));
  } else if (is_over() || !channel_->is_live()) {
    phase_ = Phase::kOver;
    channel_->notify();
  }
}

/// Whoever has asked, or spends time, sees it afterwards.
void StreamRunner::changed() {
  if (phase_ == Phase::kWaiting) agenda_.set(channel_->index(), 0);
}

inline void StreamRunner::refill() {
  while (!ended_ && !failed_ && !window_.is_full()) {
    StreamSlot& slot = window_.next();
    slot.clear(job_->element_shift);
    switch (operation_->next(slot)) {
      case Supply::kSlot:
        window_.push();
        break;
      case Supply::kLast:
        window_.push();
        return;
      case Supply::kBlocked:
        return;
      case Supply::kEnd:
        ended_ = true;
        return;
      case Supply::kBadJob:
        completion_.status = regs::CompletionStatus::kBadJob;
        failed_ = true;
        return;
    }
  }
}

/// One answer is waited for at a time.
inline void StreamRunner::issue() {
  for (unsigned i = 0; i < window_.size() && !failed_; ++i) {
    StreamSlot& slot = window_[i];
    while (!slot.is_done() && slot.wait == StreamSlot::Wait::kNot && !must_wait(i) && !failed_) {
      issue(slot);
      if (phase_ == Phase::kAsked) return;
    }
    if (slot.wait == StreamSlot::Wait::kStalled) return;
  }
}

/// Whether an earlier access in flight to the same page has to come first.
inline bool StreamRunner::must_wait(unsigned slot) const {
  const PageAccess& access = window_[slot].current();
  for (unsigned i = 0; i < slot; ++i) {
    const StreamSlot& earlier = window_[i];
    for (unsigned a = earlier.next; a < earlier.access_count; ++a) {
      const PageAccess& other = earlier.accesses[a];
      if (page_of(other.va) == page_of(access.va) && (other.writes() || access.writes()))
        return true;
    }
  }
  return false;
}

inline void StreamRunner::issue(StreamSlot& slot) {
  slot.tag = make_tag(channel_->index(), ++serial_);
  if (is_traced()) trace("access", slot, nullptr);
  request_.va = slot.current().va;
  request_.access = slot.current().access;
  request_.tag = slot.tag;
  sc_core::sc_time delay;
  if (const mmu::Answer* answer = translation_.ask(request_, delay)) {
    cost_ += delay.value();
    settle(slot, *answer);
  } else {
    slot.wait = StreamSlot::Wait::kAsked;
    asked_ = &slot;
    phase_ = Phase::kAsked;
  }
}

void StreamRunner::answered(uint64_t tag, const mmu::Answer& answer) {
  StreamSlot* const slot = find(tag);
  if (!slot) return;
  const bool first = std::exchange(slot->wait, StreamSlot::Wait::kNot) == StreamSlot::Wait::kAsked;
  // A reset meanwhile forbids the access. A parked request is withdrawn later.
  const bool wanted = channel_->is_live() && !failed_;
  if (wanted || answer.outcome == mmu::Outcome::kParked) settle(*slot, answer);
  return first ? go_on() : changed();
}

/// The slot that waits for the answer; null: none does.
inline StreamSlot* StreamRunner::find(uint64_t tag) {
  if (phase_ == Phase::kAsked && asked_->tag == tag) return asked_;
  for (unsigned i = 0; i < window_.size(); ++i) {
    StreamSlot& slot = window_[i];
    if (slot.wait == StreamSlot::Wait::kParked && slot.tag == tag) return &slot;
  }
  return nullptr;
}

void StreamRunner::space() {
  for (unsigned i = 0; i < window_.size(); ++i) {
    StreamSlot& slot = window_[i];
    if (slot.wait != StreamSlot::Wait::kStalled) continue;
    slot.wait = StreamSlot::Wait::kNot;
    changed();
  }
}

/// An answer, prompt or late. A translation is used here and now: it may be void later.
inline void StreamRunner::settle(StreamSlot& slot, const mmu::Answer& answer) {
  using enum mmu::Outcome;
  worked_ = true;
  switch (answer.outcome) {
    case kTranslated:
    case kSparse:
      if (is_traced()) trace("touch", slot, &answer);
      if (touch(slot, answer)) {
        finish_access(slot);
      } else {
        fail(regs::CompletionStatus::kDmaError, slot, answer);
      }
      break;
    case kDropped:
      finish_access(slot);
      break;
    case kParked:
      slot.wait = StreamSlot::Wait::kParked;
      break;
    case kStalled:
      slot.wait = StreamSlot::Wait::kStalled;
      break;
    case kFaulted:
    case kCancelled:
      // A prefetch is reported and forgotten, whatever its fault.
      if (slot.current().access == mmu::Access::kPrefetch) {
        finish_access(slot);
      } else {
        fail(regs::CompletionStatus::kFault, slot, answer);
      }
      break;
  }
}

inline void StreamRunner::finish_access(StreamSlot& slot) {
  operation_->accessed(slot);
  ++slot.next;
}

inline bool StreamRunner::touch(StreamSlot& slot, const mmu::Answer& answer) {
  const PageAccess& access = slot.current();
  if (access.access == mmu::Access::kPrefetch) return true;
  cost_ += ticks(memory_ns(channel_->environment().timing, slot.bytes().size()));
  if (access.layout == Layout::kContiguous) return move(slot, slot.bytes(), answer, answer.pa);
  const uint64_t page = page_of(answer.pa);
  for (uint32_t k = 0; k < slot.count; ++k)
    if (!touch_element(slot, k, answer, page + slot.offsets[k])) return false;
  return true;
}

bool StreamRunner::touch_element(StreamSlot& slot, uint32_t k, const mmu::Answer& answer,
                                 uint64_t address) {
  const mmu::Access access = slot.current().access;
  if (access == mmu::Access::kRead || access == mmu::Access::kWrite)
    return move(slot, slot.element(k), answer, address);
  std::byte* at = nullptr;
  if (answer.outcome != mmu::Outcome::kSparse) {
    at = memory_.direct(answer.aperture, address, slot.element(k).size(), Intent::kWrite);
    if (!at) return false;
  }
  operation_->atomic(slot, k, at);
  return true;
}

bool StreamRunner::move(StreamSlot& slot, std::span<std::byte> data, const mmu::Answer& answer,
                        uint64_t address) {
  const bool writes = slot.current().writes();
  if (answer.outcome != mmu::Outcome::kSparse)
    return writes ? memory_.write(answer.aperture, address, data)
                  : memory_.read(answer.aperture, address, data);
  if (!writes) std::ranges::fill(data, std::byte{0});
  return true;
}

/// DONE counts elements in order: those before the first that is not finished.
inline void StreamRunner::retire() {
  for (; !window_.is_empty() && window_[0].is_done(); window_.pop())
    completion_.done += window_[0].elements;
}

void StreamRunner::withdraw() {
  retire();
  for (unsigned i = 0; i < window_.size(); ++i)
    if (window_[i].wait == StreamSlot::Wait::kParked) translation_.withdraw(window_[i].tag);
  window_.clear();
}

/// The first failure is the job's.
void StreamRunner::fail(regs::CompletionStatus status, const StreamSlot& slot,
                        const mmu::Answer& answer) {
  if (failed_) return;
  failed_ = true;
  if (is_traced()) trace("failed", slot, &answer);
  completion_.status = status;
  completion_.fault_type = answer.fault_type;
  completion_.access_type = slot.current().access;
  completion_.fault_address = slot.current().va;
}

void StreamRunner::trace(std::string_view event, const StreamSlot& slot,
                         const mmu::Answer* answer) {
  channel_->environment().trace.event(event, {{"channel", uint64_t{channel_->index()}},
                                              {"tag", Hex{slot.tag}},
                                              {"va", Hex{slot.current().va}},
                                              {"access", name(slot.current().access)},
                                              {"pa", Hex{answer ? answer->pa : 0}}});
}

}  // namespace faultline::tlm
