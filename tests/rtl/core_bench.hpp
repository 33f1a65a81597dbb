// SPDX-License-Identifier: MIT
// The Verilated core on a bench: memory, address space, and the test in the place of control.
#pragma once

#include <Vgmmu_core.h>

#include <array>
#include <deque>
#include <optional>
#include <vector>

#include "systemc_models/rtl_shell/read_channel.hpp"
#include "systemc_models/rtl_shell/verilated_top.hpp"
#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"
#include "tests/builder/sparse_memory.hpp"
#include "tests/rtl/messages.hpp"

namespace faultline::rtl::test {

using builder::Page;
using mmu::Access;
using mmu::Answer;
using mmu::Aperture;
using mmu::Level;
using mmu::Outcome;
using mmu::Request;
using regs::FaultType;

/// As the core is Verilated for its tests.
inline constexpr unsigned kUtlbs = 2;
inline constexpr unsigned kPorts = kUtlbs + 1;
inline constexpr unsigned kHubPort = kUtlbs;
inline constexpr unsigned kMissSlots = 4;
inline constexpr unsigned kWaiters = 8;

/// Addresses that no test's tables use.
inline constexpr uint64_t kVa = 0x0000'1234'5678'9000;
inline constexpr uint64_t kBigVa = kVa & ~uint64_t{0xffff};
inline constexpr uint64_t kHugeVa = kVa & ~uint64_t{0x1f'ffff};
inline constexpr uint64_t kFrame = 0x4'5678'9000;
inline constexpr uint64_t kInstance = 0x1'2345'6000;

/// How a request ended, and when, in cycles since reset. What ended it as a report is kept too.
struct End {
  Answer answer;
  uint64_t accepted = 0;
  uint64_t answered = 0;
  std::optional<Report> report;

  uint64_t cycles() const { return answered - accepted; }
};

class CoreBench {
 public:
  CoreBench();
  ~CoreBench();

  /// A request of the default requester, which is a copy engine.
  Request request(uint64_t va, Access access = Access::kRead) const;
  /// One request and its end; throws if that takes forever. The tag is the bench's.
  End translate(const Request& request, unsigned port = 0);
  End read(uint64_t va, unsigned port = 0) { return translate(request(va), port); }
  End write(uint64_t va) { return translate(request(va, Access::kWrite)); }

  /// Sends without waiting; ends() has the outcome, by ticket, when idle() or later.
  unsigned send(const Request& request, unsigned port = 0);
  const End& end_of(unsigned ticket) const;
  bool ended(unsigned ticket) const { return ends_.at(ticket).answered != 0; }
  /// Runs until all that was sent has ended.
  void finish();
  void step();
  void run(unsigned cycles);

  /// Runs until the operation is done; its cycles.
  uint64_t invalidate(const Invalidate& operation);
  uint64_t invalidate_everything() { return invalidate({.all_va = true, .all_pdb = true}); }
  /// The space of `tables`, one page.
  uint64_t invalidate_page(uint64_t va, regs::CacheLevel level = regs::CacheLevel::kAll);
  Invalidate operation_on_tables() const;

  /// A request that control had parked; its end is a report with this slot.
  End reissue(const Request& request, unsigned port, uint8_t slot);
  void answer_late(unsigned port, const Response& response);
  End translate_bar1(uint64_t offset, Access access);
  End translate_bar2(uint64_t address);

  void set_modes(const Modes& modes);
  void set_bar(uint32_t& block, uint32_t value) { block = value; }
  void set_lockdown(bool on) { top_->lockdown_i = on; }
  /// Clients and control take what they are offered in a cycle with this chance.
  void set_readiness(double chance) { readiness_ = chance; }
  void refuse_responses(bool refused) { refuse_responses_ = refused; }
  void refuse_reports(bool refused) { refuse_reports_ = refused; }

  uint64_t now() const { return now_; }
  Vgmmu_core& top() { return *top_; }
  bool idle() const { return top_->idle_o != 0; }

  builder::SparseMemory memory;
  ReadChannel reads;
  std::vector<ReadChannel::Read> seen;  ///< all reads so far
  builder::PageTables tables;
  builder::InstanceBlock instance;

 private:
  struct Sent {
    Request request;
    unsigned ticket;
  };

  void drive();
  void sample();
  void take_response(unsigned port);
  void take_report(const Report& report);
  bool ready();
  template <typename Condition>
  void run_until(Condition condition);

  VerilatedTop<Vgmmu_core> top_;
  std::array<std::deque<Sent>, kPorts> queues_;
  std::vector<End> ends_;
  std::vector<unsigned> ports_;  // of tickets
  std::optional<End> bar_end_;
  std::optional<Response> late_seen_;
  std::optional<End> replayed_;
  double readiness_ = 1;
  bool refuse_responses_ = false;
  bool refuse_reports_ = false;
  bool invalidate_done_ = false;
  bool reissue_taken_ = false;
  bool late_taken_ = false;
  std::mt19937_64 random_{1};
  uint64_t now_ = 0;
};

}  // namespace faultline::rtl::test
