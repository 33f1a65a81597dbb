// SPDX-License-Identifier: MIT
// When each of many is to go on, with one process and one event of the kernel for all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <systemc>
#include <vector>

#include "systemc_models/tlm/pacer.hpp"

namespace faultline::tlm {

/// A process that sleeps a little after each access costs the kernel more than the access: those of
/// a module that sleep until the same time are woken together here.
class Agenda {
 public:
  /// `go_on` is called with the number of one of `size`, from a method process.
  Agenda(unsigned size, Pacer& pacer, std::function<void(unsigned)> go_on);

  /// In the place of what was set before.
  void set(unsigned number, const sc_core::sc_time& delay);
  void clear(unsigned number) { due_[number] = kNever; }

 private:
  static constexpr uint64_t kNever = ~uint64_t{0};

  void run();

  Pacer& pacer_;
  std::function<void(unsigned)> go_on_;
  std::vector<uint64_t> due_;  // in the kernel's unit
  uint64_t armed_ = kNever;    // when the alarm goes, at the latest
  sc_core::sc_event alarm_;
};

}  // namespace faultline::tlm
