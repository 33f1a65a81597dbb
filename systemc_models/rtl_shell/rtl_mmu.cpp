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

/// There is something to do.
inline void RtlMmu::call() {
  if (!std::exchange(called_, true)) work_.notify(sc_core::SC_ZERO_TIME);
}

/// A burst, if there is something to do. A method, not a thread: that would cost two switches.
void RtlMmu::run() {
  const sc_core::sc_time& now = sc_core::sc_time_stamp();
  if (now < burst_end_) return next_trigger(burst_end_ - now);
  if (!gmmu_->rests()) {
    run_burst();
    burst_end_ = now + tlm::nanoseconds(std::exchange(burst_ns_, 0));
    environment_.pacer.worked();
  }
  called_ = !gmmu_->rests();
  if (called_)
    next_trigger(burst_end_ - now);
  else
    next_trigger(work_);
}

inline void RtlMmu::run_burst() {
  woken_ = false;
  bool rests = false;
  for (unsigned i = 0; i < kBurst && !woken_ && !rests; ++i) {
    rests = gmmu_->rests();  // one cycle more, which tells observers
    gmmu_->step(ClockedGmmu::Responses::kTaken);
    burst_ns_ += kCycleNs;
    after_cycle();
  }
}

/// What clients hear: they may ask, withdraw and write registers in turn, which brings more.
inline void RtlMmu::after_cycle() {
  if (!ask_again_.empty())
    for (const uint16_t tag : std::exchange(ask_again_, {})) queue(tag, known_.at(tag).request);
  give_first_answers();
  if (!notices_.empty()) give_notices();
}

inline void RtlMmu::give_first_answers() {
  while (answers_given_ < first_answers_.size()) {
    const Response given = first_answers_[answers_given_++];
    const Known asked = close(given.tag, given.answer.outcome);
    send_first_answer(asked.socket, asked.request, given.answer);
  }
  first_answers_.clear();
  answers_given_ = 0;
}

void RtlMmu::give_notices() {
  while (notices_given_ < notices_.size()) {
    const Notice notice = notices_[notices_given_++];
    give(notice);
  }
  notices_.clear();
  notices_given_ = 0;
}

void RtlMmu::give(const Notice& notice) {
  if (const auto* late = std::get_if<Late>(&notice)) {
    send_answer(late->socket, late->tag, late->answer);
  } else if (const auto* room = std::get_if<Room>(&notice)) {
    const unsigned utlbs = gmmu_->sizes().utlbs_per_gpc;
    send_space(static_cast<uint8_t>(room->port / utlbs), static_cast<uint8_t>(room->port % utlbs));
  } else if (const auto* level = std::get_if<Level>(&notice)) {
    MmuPorts::interrupt->hub_interrupt(level->pending, level->rose);
  }
}

inline void RtlMmu::queue(uint16_t tag, const mmu::Request& request) {
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
  const Known known{
      .request = request, .asking = asking.get(), .socket = socket, .stage = Stage::kAwaited};
  queue(known_.add(known), request);
  call();
  while (!asking->answer) sc_core::wait(asking->answered);
  answer = *std::exchange(asking->answer, {});
  free_.push_back(std::move(asking));
}

RtlMmu::Given RtlMmu::ask(unsigned socket, const mmu::Request& request, Answer&,
                          sc_core::sc_time&) {
  const Known known{.request = request, .asking = nullptr, .socket = socket, .stage = Stage::kTold};
  queue(known_.add(known), request);
  call();
  return Given::kLater;
}

/// In the middle of a cycle.
void RtlMmu::responded(unsigned, const Response& response) {
  Known* const found = known_.find(response.tag);
  if (!found) throw std::logic_error("the RTL answers what was not asked");
  Known& known = *found;
  if (known.stage == Stage::kAwaited) return wake(response.tag, known, response.answer);
  if (known.stage == Stage::kTold) {
    first_answers_.push_back(response);
    return;
  }
  if (response.answer.outcome == Outcome::kCancelled) ++statistics_.cancels;
  if (known.stage == Stage::kWithdrawn) return;
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
inline RtlMmu::Known RtlMmu::close(uint16_t tag, Outcome outcome) {
  Known& known = known_.at(tag);
  const Known closed = known;
  if (outcome == Outcome::kParked) {
    ++statistics_.faults;
    known.stage = Stage::kParked;
    port_tag_[known.request.tag] = tag;
  } else {
    known_.remove(tag);
  }
  return closed;
}

void RtlMmu::withdraw(uint64_t tag) {
  const auto found = port_tag_.find(tag);
  if (found == port_tag_.end()) return;
  Known& known = known_.at(found->second);
  known.stage = Stage::kWithdrawn;
  gmmu_->withdraw(gmmu_->sizes().port_of(known.request.requester), found->second);
  port_tag_.erase(found);
  call();
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
  call();
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
  call();
}

void RtlMmu::forget() {
  ask_again_.clear();
  first_answers_.clear();
  notices_.clear();
  answers_given_ = notices_given_ = 0;
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
  if (known.stage == Stage::kAwaited) {
    known.asking->answer = cancelled;
    known.asking->answered.notify(sc_core::SC_ZERO_TIME);
  } else if (known.stage == Stage::kTold) {
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
