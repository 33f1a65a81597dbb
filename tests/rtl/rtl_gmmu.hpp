// SPDX-License-Identifier: MIT
// The Verilated GMMU with the interface of the functional one: each call clocks it until it rests.
#pragma once

#include <Vgmmu.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "systemc_models/mmu/gmmu_model.hpp"
#include "tests/rtl/messages.hpp"
#include "tests/rtl/read_channel.hpp"
#include "tests/rtl/write_channel.hpp"

namespace faultline::rtl::test {

/// Of the replay lists.
inline constexpr unsigned kReplayDepth = 64;

/// Its sizes are those with which the RTL was Verilated; those of a Config are not looked at.
class RtlGmmu {
 public:
  RtlGmmu(const mmu::Config& config, mmu::Memory& memory, mmu::Listener& listener,
          mmu::Clock& clock);
  ~RtlGmmu();

  mmu::Answer translate(const mmu::Request& request);
  void abandon(uint64_t tag);
  mmu::Answer translate_bar(mmu::Bar bar, uint64_t offset, mmu::Access access);
  static bool has_register(uint32_t offset) { return mmu::Gmmu::has_register(offset); }
  uint32_t read_register(uint32_t offset) const { return device_->access(offset, {}); }
  void write_register(uint32_t offset, uint32_t value);
  void reset();
  /// Only what can be seen from outside.
  mmu::Statistics statistics() const { return device_->statistics; }

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

  /// What lies behind the port, apart so that a read of a register, which clocks it, is const.
  class Device {
   public:
    Device(mmu::Memory& memory, mmu::Clock& clock);
    ~Device() { top->final(); }

    void step();
    /// Until nothing is in flight.
    void settle();
    uint32_t access(uint32_t offset, std::optional<uint32_t> write);
    void reset();

    std::unique_ptr<Vgmmu> top = std::make_unique<Vgmmu>();
    mmu::Clock& clock;
    ReadChannel reads;
    WriteChannel writes;
    mmu::Statistics statistics;
    std::optional<Response> first;   ///< the answer to the request that is being made
    std::optional<mmu::Answer> bar;  ///< and through a BAR
    std::unordered_map<uint16_t, uint64_t> parked;  ///< the clients' tags, by ours
    std::deque<Notice> notices;

   private:
    void drive();
    void sample();
    void take(const Response& response);

    uint32_t pending_ = 0;
  };

  void deliver();
  void deliver_one(const Notice& notice);

  mmu::Listener& listener_;
  std::unique_ptr<Device> device_;
  std::unordered_map<uint64_t, unsigned> port_of_;  // of parked requests, by the clients' tags
  uint16_t next_tag_ = 0;
  bool delivering_ = false;
};

}  // namespace faultline::rtl::test
