// SPDX-License-Identifier: MIT
// Queues and channels around the RTL.
#include "systemc_models/rtl_shell/clocked_gmmu.hpp"

#include <random>
#include <stdexcept>
#include <utility>

namespace faultline::rtl {

ClockedGmmu::ClockedGmmu(const GmmuSizes& sizes, mmu::Memory& memory, mmu::Clock& clock)
    : sizes_(sizes), clock_(clock), reads_(memory), writes_(memory), queues_(sizes.ports()) {}

void ClockedGmmu::set_back_pressure(unsigned cycles, uint64_t seed) {
  next_memory_ready_ = [random = std::mt19937_64(seed), cycles]() mutable {
    const auto is_ready = [&] { return random() % cycles == 0; };
    return MemoryReady{
        .read_address = is_ready(), .write_address = is_ready(), .write_data = is_ready()};
  };
}

void ClockedGmmu::step(Responses responses) {
  const bool rest = rests();
  tell(&PortObserver::cycle_begins, cycle_);
  if (writes_.is_complete()) tell(&PortObserver::memory_written, writes_.carry_out());
  if (next_memory_ready_) memory_ready_ = next_memory_ready_();
  if (rest && !register_ && !bar1_)
    run_quiet_cycle();
  else
    run_cycle(responses);
  if (rest && !rest_told_) tell(&PortObserver::rested);
  rest_told_ = rest;
  reads_.end_cycle();
  ++cycle_;
}

bool ClockedGmmu::rests() const {
  return is_idle() && asking_ == 0 && !writes_.response() && withdrawals_.empty();
}

void ClockedGmmu::reset() {
  for (auto& queue : queues_) queue.clear();
  asking_ = 0;
  withdrawals_.clear();
  bar1_.reset();
  reads_.clear();
  writes_.clear();
  tell(&PortObserver::was_reset);
  reset_rtl();
  if (std::exchange(pending_, 0) != 0) tell(&PortObserver::interrupt, 0u, 0u);
}

uint32_t ClockedGmmu::read_register(uint32_t offset) {
  return access_register({.offset = offset, .is_write = false, .value = 0});
}

void ClockedGmmu::write_register(uint32_t offset, uint32_t value) {
  access_register({.offset = offset, .is_write = true, .value = value});
}

/// It is taken in one cycle and answered in the next.
uint32_t ClockedGmmu::access_register(const RegisterAccess& access) {
  register_ = accessed_ = access;
  step(Responses::kHeld);
  register_.reset();
  const bool rest_told = rest_told_;
  step(Responses::kHeld);
  if (std::exchange(accessed_, {})) throw std::logic_error("the RTL does not answer");
  // A read leaves an RTL that rests at rest.
  rest_told_ = rest_told && !access.is_write;
  return answer_;
}

void ClockedGmmu::register_answered(std::optional<uint32_t> value) {
  if (!accessed_) throw std::logic_error("the RTL answers where no register was asked for");
  RegisterAccess access = *std::exchange(accessed_, {});
  if (!value) throw std::logic_error("the RTL has no such register");
  answer_ = *value;
  if (!access.is_write) access.value = answer_;
  tell(&PortObserver::register_accessed, access);
}

void ClockedGmmu::request_taken(unsigned port) {
  tell(&PortObserver::requested, port, queues_[port].front());
  queues_[port].pop_front();
  if (queues_[port].empty()) asking_ &= ~(uint64_t{1} << port);
}

void ClockedGmmu::responded(unsigned port, const Response& response) {
  tell(&PortObserver::responded, port, response);
}

void ClockedGmmu::withdrawal_taken() {
  const Withdrawal done = withdrawals_.front();
  withdrawals_.pop_front();
  tell(&PortObserver::withdrawn, done.port, done.tag);
}

void ClockedGmmu::space(unsigned port) { tell(&PortObserver::space, port); }

void ClockedGmmu::bar1_taken() {
  tell(&PortObserver::bar1_requested, bar1_->offset, bar1_->access);
  bar1_.reset();
}

void ClockedGmmu::bar1_responded(const mmu::Answer& answer) {
  tell(&PortObserver::bar1_responded, answer);
}

void ClockedGmmu::address_read(unsigned id, mmu::Aperture aperture, uint64_t address) {
  tell(&PortObserver::memory_read, reads_.take_address(id, aperture, address));
}

void ClockedGmmu::interrupts(uint32_t pending, uint32_t rose) {
  if (pending == pending_ && rose == 0) return;
  pending_ = pending;
  tell(&PortObserver::interrupt, pending, rose);
}

}  // namespace faultline::rtl
