// SPDX-License-Identifier: MIT
// A whole device whose streams read through the RTL.
#pragma once

#include <benchmark/benchmark.h>

#include <memory>

#include "systemc_models/rtl_shell/rtl_mmu.hpp"
#include "systemc_models/tlm/device.hpp"
#include "tests/bench/tlm/mapped_memory.hpp"
#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"

namespace faultline::bench {

/// As the device program runs it, but for the socket.
class Streaming {
 public:
  /// Each stream follows a list through so many pages, again and again: a translation a step.
  /// Few pages hit once they are known, many are walked for each time.
  Streaming(const char* name, const rtl::GmmuBuild& build, uint64_t pages_of_stream);

  /// Items are cycles of the RTL.
  void cycles(benchmark::State& state);
  /// One job of each stream. Throws std::logic_error if a job does not end.
  void run_once();

 private:
  struct NoMessages : tlm::MessageSink {
    void send_interrupt() override {}
  };

  std::unique_ptr<tlm::MmuPorts> make_mmu(const rtl::GmmuBuild& build,
                                          const tlm::Environment& environment,
                                          const tlm::DeviceClock& clock);
  void begin();
  void write(uint32_t offset, uint32_t value);
  void write_job(unsigned stream);
  void enable(unsigned stream);

  uint64_t pages_of_stream_;
  MappedMemory ram_;
  NoMessages messages_;
  rtl::RtlMmu* mmu_ = nullptr;
  uint32_t queued_ = 0;  // jobs of each stream
  tlm::Device device_;
  builder::PageTables tables_;
  builder::InstanceBlock block_;
};

}  // namespace faultline::bench
