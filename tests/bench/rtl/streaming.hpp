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
  Streaming();

  /// Items are cycles of the RTL. Each stream follows a list from page to page: every step is a
  /// translation, which hits.
  void cycles(benchmark::State& state);

 private:
  struct NoMessages : tlm::MessageSink {
    void send_interrupt() override {}
  };

  std::unique_ptr<tlm::MmuPorts> make_mmu(const tlm::Environment& environment,
                                          const tlm::DeviceClock& clock);
  void write(uint32_t offset, uint32_t value);
  void write_job(unsigned stream);
  void enable(unsigned stream);

  MappedMemory ram_;
  NoMessages messages_;
  rtl::RtlMmu* mmu_ = nullptr;
  tlm::Device device_;
  builder::PageTables tables_;
  builder::InstanceBlock block_;
};

}  // namespace faultline::bench
