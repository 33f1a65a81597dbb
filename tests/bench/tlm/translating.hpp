// SPDX-License-Identifier: MIT
// A bare client bound to the functional MMU, with page tables in system memory.
#pragma once

#include <benchmark/benchmark.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <systemc>

#include "systemc_models/tlm/host_bridge.hpp"
#include "systemc_models/tlm/interconnect.hpp"
#include "systemc_models/tlm/mmu.hpp"
#include "systemc_models/tlm/translation_port.hpp"
#include "systemc_models/tlm/vram.hpp"
#include "tests/bench/tlm/mapped_memory.hpp"
#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"

namespace faultline::bench {

/// The client has the port of GPC 0; those of the others never ask.
class Translating : public sc_core::sc_module {
 public:
  explicit Translating(sc_core::sc_module_name name);

  /// Reads pages that fit into a uTLB, one after the other, over and over.
  void hit(benchmark::State& state);
  /// Reads more pages than any TLB holds, so that each is gone before its turn comes again, with
  /// the PDE cache off: five entries are read from memory for each.
  void miss(benchmark::State& state);

 private:
  struct Interrupt : sc_core::sc_module, tlm::HubInterrupt {
    explicit Interrupt(sc_core::sc_module_name name) : sc_module(name) {}
    void hub_interrupt(uint32_t, uint32_t) override {}
  };

  void translate(benchmark::State& state, uint64_t pages);
  void write_register(uint32_t offset, uint32_t value);

  MappedMemory ram_;
  tlm::Timing timing_;
  tlm::DeviceClock clock_;
  tlm::Pacer pacer_;
  tlm::Trace trace_;
  tlm::Environment environment_{timing_, pacer_, trace_};
  tlm::Vram vram_;
  tlm::HostBridge host_bridge_;
  tlm::Interconnect interconnect_;
  Interrupt interrupt_;
  tlm::Mmu mmu_;
  sc_core::sc_vector<tlm::TranslationPort> clients_;
  tlm_utils::simple_initiator_socket<Translating> registers_;
  builder::PageTables tables_;
  builder::InstanceBlock block_;
};

}  // namespace faultline::bench
