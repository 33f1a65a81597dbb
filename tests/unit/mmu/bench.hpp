// SPDX-License-Identifier: MIT
// An MMU on a bench: memory, one address space, fault buffers, and everything it said.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "systemc_models/mmu/gmmu_model.hpp"
#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"
#include "tests/builder/sparse_memory.hpp"
#ifdef FAULTLINE_TEST_RTL
#include "tests/rtl/rtl_gmmu.hpp"
#endif

namespace faultline::mmu::test {

using builder::Page;
using regs::FaultType;
// The same tests hold the RTL, but for those tagged [model], which choose sizes that it has fixed
// or look at what only a model can tell.
#ifdef FAULTLINE_TEST_RTL
using Gmmu = rtl::test::RtlGmmu;
inline constexpr bool kCountsEverything = false;
#else
inline constexpr bool kCountsEverything = true;
#endif

class TestClock : public Clock {
 public:
  uint64_t now_ns() override { return now; }
  uint64_t now = 0;
};

class Recorder : public Listener {
 public:
  struct Answered {
    uint64_t tag;
    Answer answer;
  };
  struct Interrupt {
    uint32_t pending;
    uint32_t rose;
    bool operator==(const Interrupt&) const = default;
  };

  void answered(uint64_t tag, const Answer& answer) override {
    answers.push_back({tag, answer});
    if (on_answer) on_answer(tag);
  }
  void space(uint8_t gpc, uint8_t utlb) override {
    spaces.emplace_back(gpc, utlb);
    if (on_space) on_space();
  }
  void interrupt(uint32_t pending, uint32_t rose) override {
    interrupts.push_back({pending, rose});
  }

  /// The one answer to `tag`; throws if there is none or more than one.
  const Answer& answer_to(uint64_t tag) const;

  std::vector<Answered> answers;
  std::vector<std::pair<uint8_t, uint8_t>> spaces;
  std::vector<Interrupt> interrupts;
  std::function<void(uint64_t)> on_answer;
  std::function<void()> on_space;
};

using Words = std::array<uint32_t, regs::fault_packet::kWords>;

/// Addresses that no test's tables use.
inline constexpr uint64_t kVa = 0x0000'1234'5678'9000;
inline constexpr uint64_t kFrame = 0x4'5678'9000;
inline constexpr uint64_t kInstance = 0x1'2345'6000;
inline constexpr uint64_t kBufferBase[] = {0x7'0000'0000, 0x7'1000'0000};
inline constexpr unsigned kBufferEntries = 16;

class Bench {
 public:
  explicit Bench(const Config& config = {});

  /// A T1 client of GPC 1, TPC 0, subcontext 0, replayable.
  Requester stream() const;
  /// A copy engine: not replayable.
  Requester copy() const;
  Request request(uint64_t va, Access access = Access::kRead) const;
  Request request_by(const Requester& who, uint64_t va, Access access = Access::kRead) const;

  Answer read(uint64_t va) { return gmmu.translate(request(va)); }
  Answer write(uint64_t va) { return gmmu.translate(request(va, Access::kWrite)); }
  /// A replayable read with this tag, which must park.
  void park(uint64_t va, uint64_t tag, Access access = Access::kRead);

  uint32_t get(uint32_t offset) const { return gmmu.read_register(offset); }
  void set(uint32_t offset, uint32_t value) { gmmu.write_register(offset, value); }
  void enable_buffer(regs::FaultBuffer which, uint32_t entries = kBufferEntries);
  /// Packets from GET to PUT.
  std::vector<Words> packets(regs::FaultBuffer which);
  Words packet_at(regs::FaultBuffer which, uint32_t index);

  /// MMU_INVALIDATE with TRIGGER; `operation` holds the other fields.
  void invalidate(uint32_t operation);
  void select(const builder::TablePointer& root, uint64_t va);
  void replay(regs::ReplayOp op = regs::ReplayOp::kStart);
  void invalidate_everything();

  builder::SparseMemory memory;
  TestClock clock;
  Recorder said;
  Gmmu gmmu;
  builder::PageTables tables;
  builder::InstanceBlock instance;
};

}  // namespace faultline::mmu::test
