// SPDX-License-Identifier: MIT
// Clients and a driver around the RTL that do everything at random, each by the rules of its part.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "systemc_models/rtl_shell/clocked_gmmu.hpp"
#include "tests/builder/dice.hpp"
#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"
#include "tests/builder/sparse_memory.hpp"

namespace faultline::check_test {

/// Time for packets.
class CycleClock : public mmu::Clock {
 public:
  uint64_t now_ns() override { return ++now_; }

 private:
  uint64_t now_ = 0;
};

/// How busy everybody is.
struct Mix {
  unsigned most_asks = 4;      ///< new requests a cycle
  unsigned act_every = 300;    ///< cycles between acts of the driver, about
  unsigned hot_pages = 0;      ///< that nearly all requests are for; 0: no page is special
  unsigned most_latency = 30;  ///< of memory, in cycles
  uint32_t most_entries = 24;  ///< of a fault buffer
};

/// The driver changes tables and invalidates, serves packets, replays and cancels; two address
/// spaces; fault buffers so small that they overflow.
class Traffic : private rtl::PortObserver {
 public:
  /// The RTL's memory must be `memory`.
  Traffic(rtl::ClockedGmmu& gmmu, builder::SparseMemory& memory, uint64_t seed, Mix mix = {});

  void run(uint64_t cycles);
  /// Makes every page present, and replays until nobody waits. False if somebody still does.
  bool drain();
  uint64_t answered() const { return answered_; }
  uint64_t translated() const { return translated_; }

 private:
  struct Space {
    Space(builder::SparseMemory& memory, uint64_t tables, unsigned veid);
    builder::PageTables tables;
    unsigned veid;
  };

  struct Waiting {
    unsigned port;
    bool parked = false;
    bool withdrawing = false;
  };

  // rtl::PortObserver
  void responded(unsigned port, const rtl::Response& response) override;
  void withdrawn(unsigned port, uint16_t tag) override;

  void step();
  void ask();
  bool is_usual() { return mix_.hot_pages != 0 && !dice_.once_in(kUnusual); }
  uint64_t any_page();
  mmu::Requester requester();
  // The driver.
  void act();
  void enable_buffers();
  void serve_faults();
  void serve(const std::array<uint32_t, regs::fault_packet::kWords>& packet);
  void replay(regs::ReplayOp op);
  void cancel();
  void withdraw();
  void disturb();
  void change_page();
  void allow_all(Space& space, uint64_t va);
  void map(Space& space, uint64_t va);
  void unmap(Space& space, uint64_t va);
  void drop_directory(Space& space, uint64_t va);
  void invalidate(const Space& space, uint64_t va, uint32_t operation);
  void wait_until_done();
  uint32_t get(uint32_t offset) { return gmmu_.read_register(offset); }
  void set(uint32_t offset, uint32_t value) { gmmu_.write_register(offset, value); }

  static constexpr unsigned kUnusual = 32;

  rtl::ClockedGmmu& gmmu_;
  builder::SparseMemory& memory_;
  Mix mix_;
  builder::Dice dice_;
  std::array<uint32_t, 2> entries_;  // of the fault buffers
  std::vector<uint64_t> hot_;
  builder::InstanceBlock block_;
  std::deque<Space> spaces_;
  std::map<uint16_t, Waiting> waiting_;  // by tag
  unsigned in_flight_ = 0;
  uint16_t next_tag_ = 0;
  uint64_t answered_ = 0;
  uint64_t translated_ = 0;
  uint64_t next_frame_ = 1;
};

}  // namespace faultline::check_test
