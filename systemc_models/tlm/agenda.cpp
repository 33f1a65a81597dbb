// SPDX-License-Identifier: MIT
// The next of all times is the alarm's.
#include "systemc_models/tlm/agenda.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace faultline::tlm {

Agenda::Agenda(unsigned size, Pacer& pacer, std::function<void(unsigned)> go_on)
    : pacer_(pacer), go_on_(std::move(go_on)), due_(size) {
  sc_core::sc_spawn_options method;
  method.spawn_method();
  method.dont_initialize();
  method.set_sensitivity(&alarm_);
  sc_core::sc_spawn([this] { run(); }, sc_core::sc_gen_unique_name("agenda"), &method);
}

void Agenda::set(unsigned number, uint64_t delay) {
  const uint64_t due = sc_core::sc_time_stamp().value() + delay;
  due_[number] = due;
  waiting_ |= bit(number);
  if (due >= armed_) return;
  armed_ = due;
  alarm_.notify(sc_core::sc_time::from_value(delay));
}

void Agenda::run() {
  const uint64_t now = sc_core::sc_time_stamp().value();
  armed_ = 0;  // what is set meanwhile is looked at afterwards
  for (uint64_t left = waiting_; left != 0; left &= left - 1) {
    const auto number = static_cast<unsigned>(std::countr_zero(left));
    if (due_[number] > now) continue;
    waiting_ &= ~bit(number);
    go_on_(number);
  }
  pacer_.worked();
  armed_ = next();
  if (armed_ != kNever) alarm_.notify(sc_core::sc_time::from_value(armed_ - now));
}

uint64_t Agenda::next() const {
  uint64_t first = kNever;
  for (uint64_t left = waiting_; left != 0; left &= left - 1)
    first = std::min(first, due_[static_cast<unsigned>(std::countr_zero(left))]);
  return first;
}

}  // namespace faultline::tlm
