// SPDX-License-Identifier: MIT
// The RTL alone, with page tables in a memory that costs as little as AXI4 allows.
#pragma once

#include <cstdint>
#include <memory>

#include "systemc_models/rtl_shell/device_gmmu.hpp"
#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"
#include "tests/builder/sparse_memory.hpp"

namespace faultline::bench {

class MappedGmmu {
 public:
  static constexpr uint64_t kVa = 0x7f0000000000;  ///< of page 0
  static constexpr uint64_t kPages = 8192;         ///< more than all TLBs hold
  static constexpr unsigned kReadLatency = 1;      ///< cycles of memory

  explicit MappedGmmu(const rtl::GmmuBuild& build = rtl::device_gmmu());

  rtl::ClockedGmmu& gmmu() { return *gmmu_; }
  /// Queues a read of a page by a client of that port.
  void ask(unsigned port, uint64_t page, uint64_t tag);
  void step() { gmmu_->step(rtl::ClockedGmmu::Responses::kTaken); }

 private:
  class Clock : public mmu::Clock {
   public:
    uint64_t now_ns() override { return ++now_; }

   private:
    uint64_t now_ = 0;
  };

  builder::SparseMemory memory_;
  Clock clock_;
  builder::PageTables tables_;
  builder::InstanceBlock block_;
  std::unique_ptr<rtl::ClockedGmmu> gmmu_;
};

}  // namespace faultline::bench
