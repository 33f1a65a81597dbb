// SPDX-License-Identifier: MIT
// The RTL with the interface of the functional model: each call clocks it until it rests.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <variant>

#include "systemc_models/mmu/gmmu_model.hpp"
#include "systemc_models/rtl_shell/clocked_gmmu.hpp"

namespace faultline::rtl {

/// For tools and tests, which ask one thing after the other. Calls of the Listener come when the
/// RTL rests. Throws std::logic_error if the RTL breaks a promise that everything relies on.
class SettledGmmu : private PortObserver {
 public:
  SettledGmmu(std::unique_ptr<ClockedGmmu> gmmu, mmu::Listener& listener);

  mmu::Answer translate(const mmu::Request& request);
  void abandon(uint64_t tag);
  mmu::Answer translate_bar(mmu::Bar bar, uint64_t offset, mmu::Access access);
  static bool has_register(uint32_t offset) { return mmu::Gmmu::has_register(offset); }
  uint32_t read_register(uint32_t offset) const { return gmmu_->read_register(offset); }
  void write_register(uint32_t offset, uint32_t value);
  void reset();
  /// Only what can be seen from outside.
  mmu::Statistics statistics() const { return statistics_; }
  ClockedGmmu& clocked() { return *gmmu_; }

 private:
  struct Answered {
    uint64_t tag;
    mmu::Answer answer;
  };
  struct Space {
    unsigned port;
  };
  struct Interrupt {
    uint32_t pending;
    uint32_t rose;
  };
  using Notice = std::variant<Answered, Space, Interrupt>;
  struct Parked {
    uint64_t tag;  ///< the client's
    unsigned port;
  };

  // PortObserver
  void responded(unsigned port, const Response& response) override;
  void withdrawn(unsigned port, uint16_t tag) override;
  void bar1_responded(const mmu::Answer& answer) override { bar1_answer_ = answer; }
  void space(unsigned port) override { notices_.emplace_back(Space{port}); }
  void memory_read(const ReadChannel::Read& read) override;
  void interrupt(uint32_t pending, uint32_t rose) override;

  void settle();
  void deliver();
  void deliver_one(const Notice& notice);

  mmu::Listener& listener_;
  std::unique_ptr<ClockedGmmu> gmmu_;
  mmu::Statistics statistics_;
  std::optional<Response> first_;  // the answer to the request that is being made
  std::optional<mmu::Answer> bar1_answer_;
  std::unordered_map<uint16_t, Parked> parked_;  // by the tags on the ports
  std::deque<Notice> notices_;
  uint16_t next_tag_ = 0;
  bool delivering_ = false;
};

}  // namespace faultline::rtl
