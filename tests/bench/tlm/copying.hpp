// SPDX-License-Identifier: MIT
// A whole device whose copy engine moves system memory to video memory.
#pragma once

#include <benchmark/benchmark.h>

#include <span>
#include <systemc>

#include "systemc_models/tlm/device.hpp"
#include "tests/bench/tlm/mapped_memory.hpp"

namespace faultline::bench {

class Copying {
 public:
  Copying();

  /// One job after the other, each begun with its doorbell and waited for as the device program
  /// does.
  void copy_engine(benchmark::State& state);
  /// The same bytes from and to the same places.
  void memcpy(benchmark::State& state);

 private:
  struct NoMessages : tlm::MessageSink {
    void send_interrupt() override {}
  };

  void write(uint32_t offset, uint32_t value);
  void write_job();

  MappedMemory ram_;
  NoMessages messages_;
  tlm::Device device_;
};

}  // namespace faultline::bench
