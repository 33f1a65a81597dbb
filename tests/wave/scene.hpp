// SPDX-License-Identifier: MIT
// One replayed fault, always in the same cycles: what waveforms are made of.
#pragma once

#include <memory>

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/rtl_shell/device_gmmu.hpp"
#include "systemc_models/rtl_shell/settled_gmmu.hpp"
#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"
#include "tests/builder/sparse_memory.hpp"

namespace faultline::tests {

/// A page is missing, is asked for, reported and mapped; a replay, and it is asked for again.
class Scene {
 public:
  explicit Scene(const rtl::GmmuBuild& build);

  /// Throws std::runtime_error if anything is not answered as it should be.
  void play();
  uint64_t cycles() { return gmmu_.clocked().cycle(); }

 private:
  class Listener : public mmu::Listener {
   public:
    void answered(uint64_t, const mmu::Answer& answer) override {
      translated += answer.outcome == mmu::Outcome::kTranslated;
    }
    void space(uint8_t, uint8_t) override {}
    void interrupt(uint32_t, uint32_t) override {}
    unsigned translated = 0;
  };
  class Clock : public mmu::Clock {
   public:
    uint64_t now_ns() override { return ++now_; }

   private:
    uint64_t now_ = 0;
  };

  void set_up_fault_buffer();
  void take_packet();
  void name_page();
  mmu::Request request(uint16_t tag) const;

  builder::SparseMemory memory_;
  Listener listener_;
  Clock clock_;
  rtl::SettledGmmu gmmu_;
  builder::PageTables tables_;
  builder::InstanceBlock block_;
};

}  // namespace faultline::tests
