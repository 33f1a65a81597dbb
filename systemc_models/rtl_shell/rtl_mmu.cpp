// SPDX-License-Identifier: MIT
// Transactions to requests on the ports, and the clock.
#include "systemc_models/rtl_shell/rtl_mmu.hpp"

#include <stdexcept>
#include <utility>

#include "systemc_models/mmu/gmmu_model.hpp"

namespace faultline::rtl {

using mmu::Answer;
using mmu::Outcome;

namespace {

/// The clock of the RTL: plausible, like everything in tlm::Timing.
constexpr unsigned kCycleNs = 1;
/// Cycles from an address to its data. Short of what memory takes, since every cycle costs.
constexpr unsigned kReadLatency = 4;
/// Cycles after which others may act, at the latest.
constexpr unsigned kBurst = 64;

bool uses_memory(const Answer& answer) {
  return answer.outcome == Outcome::kTranslated || answer.outcome == Outcome::kSparse;
}

}  // namespace

RtlMmu::RtlMmu(sc_core::sc_module_name name, const GmmuBuild& build,
               const tlm::Environment& environment, const tlm::DeviceClock& clock)
    : MmuPorts(name, build.sizes.gpcs),
      environment_(environment),
      clock_(clock),
      port_memory_(memory),
      gmmu_(build.make(port_memory_, *this)),
      trace_(environment.trace, [this](uint16_t tag) { return known_.at(tag).request.tag; }) {
  gmmu_->reads().set_latency(kReadLatency);
  gmmu_->observe(*this);
  SC_METHOD(run);
}

void RtlMmu::start_of_simulation() {
  if (environment_.trace.is_on()) gmmu_->observe(trace_);
}

/// A burst, if there is something to do. A method, not a thread: that would cost two switches.
void RtlMmu::run() {
  if (gmmu_->rests()) return next_trigger(work_);
  woken_ = false;
  bool rests = false;
  for (unsigned i = 0; i < kBurst && !woken_ && !rests; ++i) {
    rests = gmmu_->rests();  // one cycle more, which tells observers
    gmmu_->step(ClockedGmmu::Responses::kTaken);
    burst_ns_ += kCycleNs;
    after_cycle();
  }
  environment_.pacer.worked();
  next_trigger(tlm::nanoseconds(std::exchange(burst_ns_, 0)));
}

/// What clients hear: they may ask, withdraw and write registers in turn.
void RtlMmu::after_cycle() {
  for (const uint16_t tag : std::exchange(ask_again_, {})) queue(tag, known_.at(tag).request);
  if (notices_.empty()) return;
  std::vector<Notice> notices = std::exchange(notices_, std::move(delivered_));
  for (const Notice& notice : notices) deliver(notice);
  notices.clear();
  delivered_ = std::move(notices);
}

void RtlMmu::deliver(const Notice& notice) {
  if (const auto* first = std::get_if<First>(&notice)) {
    const Known asked = close(first->tag, first->answer.outcome);
    send_first_answer(asked.socket, asked.request, first->answer);
  } else if (const auto* late = std::get_if<Late>(&notice)) {
    send_answer(late->socket, late->tag, late->answer);
  } else if (const auto* room = std::get_if<Room>(&notice)) {
    const unsigned utlbs = gmmu_->sizes().utlbs_per_gpc;
    send_space(static_cast<uint8_t>(room->port / utlbs), static_cast<uint8_t>(room->port % utlbs));
  } else if (const auto* level = std::get_if<Level>(&notice)) {
    MmuPorts::interrupt->hub_interrupt(level->pending, level->rose);
  }
}

void RtlMmu::queue(uint16_t tag, const mmu::Request& request) {
  mmu::Request tagged = request;
  tagged.tag = tag;
  gmmu_->request(gmmu_->sizes().port_of(request.requester), tagged);
}

void RtlMmu::translate(unsigned socket, const mmu::Request& request, Answer& answer,
                       sc_core::sc_time&) {
  if (socket == bar1_port()) {
    answer = access_bar1(request.va, request.access);
    return;
  }
  if (free_.empty()) free_.push_back(std::make_unique<Asking>());
  std::unique_ptr<Asking> asking = std::move(free_.back());
  free_.pop_back();
  queue(known_.add({.request = request, .socket = socket, .asking = asking.get()}), request);
  work_.notify(sc_core::SC_ZERO_TIME);
  while (!asking->answer) sc_core::wait(asking->answered);
  answer = *std::exchange(asking->answer, {});
  free_.push_back(std::move(asking));
}

RtlMmu::Given RtlMmu::ask(unsigned socket, const mmu::Request& request, Answer&,
                          sc_core::sc_time&) {
  queue(known_.add({.request = request, .socket = socket, .asking = nullptr}), request);
  work_.notify(sc_core::SC_ZERO_TIME);
  return Given::kLater;
}

/// In the middle of a cycle.
void RtlMmu::responded(unsigned, const Response& response) {
  Known* const found = known_.find(response.tag);
  if (!found) throw std::logic_error("the RTL answers what was not asked");
  Known& known = *found;
  if (known.asking) return wake(response.tag, known, response.answer);
  if (!known.parked) {
    notices_.emplace_back(First{response.tag, response.answer});
    return;
  }
  if (response.answer.outcome == Outcome::kCancelled) ++statistics_.cancels;
  if (known.withdrawn) return;
  notices_.emplace_back(Late{known.socket, known.request.tag, response.answer});
  port_tag_.erase(known.request.tag);
  known_.remove(response.tag);
}

void RtlMmu::wake(uint16_t tag, Known& known, const Answer& answer) {
  // The client runs only when the simulation does, too late to use a translation of now.
  if (in_bar1_ && uses_memory(answer)) {
    ask_again_.push_back(tag);
    return;
  }
  Asking& asking = *known.asking;
  asking.answer = answer;
  woken_ = true;
  if (in_bar1_) {
    asking.answered.notify(sc_core::SC_ZERO_TIME);
  } else {
    asking.answered.notify();
  }
  close(tag, answer.outcome);
}

/// After the first answer it is parked, or known no more.
RtlMmu::Known RtlMmu::close(uint16_t tag, Outcome outcome) {
  Known& known = known_.at(tag);
  if (outcome == Outcome::kParked) {
    ++statistics_.faults;
    known.asking = nullptr;
    known.parked = true;
    port_tag_[known.request.tag] = tag;
    return known;
  }
  const Known closed = known;
  known_.remove(tag);
  return closed;
}

void RtlMmu::withdraw(uint64_t tag) {
  const auto found = port_tag_.find(tag);
  if (found == port_tag_.end()) return;
  Known& known = known_.at(found->second);
  known.withdrawn = true;
  gmmu_->withdraw(gmmu_->sizes().port_of(known.request.requester), found->second);
  port_tag_.erase(found);
  work_.notify(sc_core::SC_ZERO_TIME);
}

void RtlMmu::withdrawn(unsigned, uint16_t tag) { known_.remove(tag); }

/// Comes from outside the simulation, and must not wait for it.
Answer RtlMmu::access_bar1(uint64_t offset, mmu::Access access) {
  constexpr unsigned kPatience = 1'000'000;  // cycles; a walk takes a hundred
  bar1_answer_.reset();
  in_bar1_ = true;
  gmmu_->access_bar1(offset, access);
  for (unsigned i = 0; i < kPatience && !bar1_answer_; ++i) {
    gmmu_->step(ClockedGmmu::Responses::kTaken);
    after_cycle();
  }
  in_bar1_ = false;
  work_.notify(sc_core::SC_ZERO_TIME);
  if (!bar1_answer_) throw std::logic_error("the RTL does not answer an access through BAR1");
  return *bar1_answer_;
}

bool RtlMmu::has_register(uint32_t offset) const { return mmu::Gmmu::has_register(offset); }

uint32_t RtlMmu::read_register(uint32_t offset) {
  ++register_reads_;
  const uint32_t value = gmmu_->read_register(offset);
  after_cycle();
  return value;
}

void RtlMmu::write_register(uint32_t offset, uint32_t value) {
  namespace op = regs::mmu_invalidate;
  if (offset == op::kOffset && op::trigger.get(value)) ++statistics_.invalidates;
  gmmu_->write_register(offset, value);
  after_cycle();
  work_.notify(sc_core::SC_ZERO_TIME);
}

void RtlMmu::forget() {
  ask_again_.clear();
  notices_.clear();
  port_tag_.clear();
  statistics_ = {};
  const std::vector<Known> forgotten = known_.take_all();
  gmmu_->reset();
  after_cycle();
  for (const Known& known : forgotten) cancel(known);
}

/// Who waits for a first answer gets one.
void RtlMmu::cancel(const Known& known) {
  const Answer cancelled{.outcome = Outcome::kCancelled};
  if (known.asking) {
    known.asking->answer = cancelled;
    known.asking->answered.notify(sc_core::SC_ZERO_TIME);
  } else if (!known.parked) {
    send_first_answer(known.socket, known.request, cancelled);
  }
}

uint64_t RtlMmu::now_ns() { return clock_.now_ns() + burst_ns_; }

void RtlMmu::memory_read(const ReadChannel::Read& read) {
  if (read.id != gmmu_->sizes().instance_read_id()) ++statistics_.entries_read;
}

void RtlMmu::memory_written(const WriteChannel::Burst& burst) {
  if (burst.completes_packet()) ++statistics_.packets;
}

void RtlMmu::interrupt(uint32_t pending, uint32_t rose) {
  notices_.emplace_back(Level{pending, rose});
}

}  // namespace faultline::rtl
