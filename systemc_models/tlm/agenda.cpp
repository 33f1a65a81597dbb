// SPDX-License-Identifier: MIT
// The next of all times is the alarm's.
#include "systemc_models/tlm/agenda.hpp"

#include <algorithm>
#include <utility>

namespace faultline::tlm {

Agenda::Agenda(unsigned size, Pacer& pacer, std::function<void(unsigned)> go_on)
    : pacer_(pacer), go_on_(std::move(go_on)), due_(size, kNever) {
  sc_core::sc_spawn_options method;
  method.spawn_method();
  method.dont_initialize();
  method.set_sensitivity(&alarm_);
  sc_core::sc_spawn([this] { run(); }, sc_core::sc_gen_unique_name("agenda"), &method);
}

void Agenda::set(unsigned number, const sc_core::sc_time& delay) {
  const uint64_t due = sc_core::sc_time_stamp().value() + delay.value();
  due_[number] = due;
  if (due >= armed_) return;
  armed_ = due;
  alarm_.notify(delay);
}

void Agenda::run() {
  const uint64_t now = sc_core::sc_time_stamp().value();
  armed_ = 0;  // what is set meanwhile is looked at afterwards
  for (unsigned number = 0; number < due_.size(); ++number) {
    if (due_[number] > now) continue;
    due_[number] = kNever;
    go_on_(number);
  }
  pacer_.worked();
  armed_ = std::ranges::min(due_);
  if (armed_ != kNever) alarm_.notify(sc_core::sc_time::from_value(armed_ - now));
}

}  // namespace faultline::tlm
