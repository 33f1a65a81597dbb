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
  /// `go_on` is called with the number of one of `size`, 64 at most, from a method process.
  Agenda(unsigned size, Pacer& pacer, std::function<void(unsigned)> go_on);

  /// After so many of the kernel's ticks, in the place of what was set before.
  void set(unsigned number, uint64_t delay);
  void clear(unsigned number) { waiting_ &= ~bit(number); }

 private:
  static constexpr uint64_t kNever = ~uint64_t{0};
  static constexpr uint64_t bit(unsigned number) { return uint64_t{1} << number; }

  void run();
  uint64_t next() const;

  Pacer& pacer_;
  std::function<void(unsigned)> go_on_;
  std::vector<uint64_t> due_;  // in ticks
  uint64_t waiting_ = 0;       // those for whom it counts, a bit each
  uint64_t armed_ = kNever;    // when the alarm goes, at the latest
  sc_core::sc_event alarm_;
};

}  // namespace faultline::tlm
