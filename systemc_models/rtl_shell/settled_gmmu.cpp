// SPDX-License-Identifier: MIT
// Calls to cycles.
#include "systemc_models/rtl_shell/settled_gmmu.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace faultline::rtl {

using mmu::Answer;
using mmu::Outcome;

SettledGmmu::SettledGmmu(std::unique_ptr<ClockedGmmu> gmmu, mmu::Listener& listener)
    : listener_(listener), gmmu_(std::move(gmmu)) {
  gmmu_->observe(*this);
}

void SettledGmmu::responded(unsigned, const Response& response) {
  if (const auto known = parked_.find(response.tag); known != parked_.end()) {
    if (response.answer.outcome == Outcome::kCancelled) ++statistics_.cancels;
    notices_.emplace_back(Answered{.tag = known->second.tag, .answer = response.answer});
    parked_.erase(known);
    return;
  }
  if (first_) throw std::logic_error("answered twice");
  first_ = response;
}

void SettledGmmu::withdrawn(unsigned, uint16_t tag) { parked_.erase(tag); }

void SettledGmmu::memory_read(const ReadChannel::Read& read) {
  if (read.id != gmmu_->sizes().instance_read_id()) ++statistics_.entries_read;
}

void SettledGmmu::interrupt(uint32_t pending, uint32_t rose) {
  notices_.emplace_back(Interrupt{.pending = pending, .rose = rose});
}

void SettledGmmu::settle() {
  constexpr unsigned kPatience = 1'000'000;  // cycles; a replay of all lists takes thousands
  for (unsigned i = 0; i < kPatience; ++i) {
    gmmu_->step(ClockedGmmu::Responses::kTaken);
    if (gmmu_->rests()) return gmmu_->step(ClockedGmmu::Responses::kTaken);
  }
  throw std::logic_error("the RTL does not come to rest");
}

Answer SettledGmmu::translate(const mmu::Request& request) {
  while (parked_.contains(next_tag_)) ++next_tag_;
  const uint16_t tag = next_tag_++;
  mmu::Request tagged = request;
  tagged.tag = tag;
  const unsigned port = gmmu_->sizes().port_of(request.requester);
  first_.reset();
  gmmu_->request(port, tagged);
  settle();
  if (!first_ || first_->tag != tag) throw std::logic_error("not answered");
  const Answer answer = first_->answer;
  if (answer.outcome == Outcome::kParked) parked_[tag] = {.tag = request.tag, .port = port};
  deliver();
  return answer;
}

void SettledGmmu::abandon(uint64_t tag) {
  std::erase_if(notices_, [tag](const Notice& notice) {
    const auto* answered = std::get_if<Answered>(&notice);
    return answered && answered->tag == tag;
  });
  const auto ours =
      std::ranges::find_if(parked_, [tag](const auto& known) { return known.second.tag == tag; });
  if (ours != parked_.end()) {
    gmmu_->withdraw(ours->second.port, ours->first);
    settle();
  }
  deliver();
}

Answer SettledGmmu::translate_bar(mmu::Bar bar, uint64_t offset, mmu::Access access) {
  if (bar != mmu::Bar::k1) throw std::invalid_argument("only packets pass BAR2");
  bar1_answer_.reset();
  gmmu_->access_bar1(offset, access);
  settle();
  deliver();
  return bar1_answer_.value();
}

void SettledGmmu::write_register(uint32_t offset, uint32_t value) {
  namespace op = regs::mmu_invalidate;
  if (offset == op::kOffset && op::trigger.get(value)) ++statistics_.invalidates;
  gmmu_->write_register(offset, value);
  settle();
  deliver();
}

void SettledGmmu::reset() {
  parked_.clear();
  notices_.clear();
  statistics_ = {};
  gmmu_->reset();
  deliver();
}

void SettledGmmu::deliver() {
  if (delivering_) return;
  delivering_ = true;
  while (!notices_.empty()) {
    const Notice notice = notices_.front();
    notices_.pop_front();
    deliver_one(notice);
  }
  delivering_ = false;
}

void SettledGmmu::deliver_one(const Notice& notice) {
  const unsigned utlbs = gmmu_->sizes().utlbs_per_gpc;
  if (const auto* answered = std::get_if<Answered>(&notice))
    listener_.answered(answered->tag, answered->answer);
  else if (const auto* room = std::get_if<Space>(&notice))
    listener_.space(static_cast<uint8_t>(room->port / utlbs),
                    static_cast<uint8_t>(room->port % utlbs));
  else if (const auto* changed = std::get_if<Interrupt>(&notice))
    listener_.interrupt(changed->pending, changed->rose);
}

}  // namespace faultline::rtl
