// SPDX-License-Identifier: MIT
// The RTL of the MMU, one cycle at a time, in the model's terms.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/rtl_shell/gmmu_sizes.hpp"
#include "systemc_models/rtl_shell/messages.hpp"
#include "systemc_models/rtl_shell/port_observer.hpp"
#include "systemc_models/rtl_shell/read_channel.hpp"
#include "systemc_models/rtl_shell/write_channel.hpp"

namespace faultline::rtl {

/// What memory takes in a cycle.
struct MemoryReady {
  bool read_address = true;
  bool write_address = true;
  bool write_data = true;
};

/// The surroundings of the RTL: clients that queue, AXI memory, a register bus. Everything that
/// crosses is told to the observers. Memory and clock are looked at inside step() only.
class ClockedGmmu {
 public:
  /// Whether clients take responses in a cycle. Held ones keep an invalidate from being done.
  enum class Responses : uint8_t { kTaken, kHeld };

  ClockedGmmu(const GmmuSizes& sizes, mmu::Memory& memory, mmu::Clock& clock);
  virtual ~ClockedGmmu() = default;

  const GmmuSizes& sizes() const { return sizes_; }
  void observe(PortObserver& observer) { observers_.push_back(&observer); }
  ReadChannel& reads() { return reads_; }
  /// Memory takes an address or data in one cycle of `cycles`, about, each for itself; 1: always.
  void set_back_pressure(unsigned cycles, uint64_t seed);

  /// Queues it; tags are 16 bits wide, and a port's are free again when answered for good.
  void request(unsigned port, const mmu::Request& request) {
    queues_[port].push_back(request);
    asking_ |= uint64_t{1} << port;
  }
  /// Queues it. An answer may still come before withdrawn().
  void withdraw(unsigned port, uint16_t tag) { withdrawals_.push_back({port, tag}); }
  /// Asks at once; one at a time. The answer comes within a bounded number of cycles if responses
  /// are taken.
  void access_bar1(uint64_t offset, mmu::Access access) { bar1_ = Bar1Access{offset, access}; }
  /// Two cycles, responses held. Throws std::logic_error if the RTL has no such register.
  uint32_t read_register(uint32_t offset);
  void write_register(uint32_t offset, uint32_t value);

  void step(Responses responses);
  /// Nothing is queued or on its way: further cycles change nothing.
  bool rests() const;
  /// Forgets what is queued, too.
  void reset();
  uint64_t cycle() const { return cycle_; }

 protected:
  struct Withdrawal {
    unsigned port;
    uint16_t tag;
  };
  struct Bar1Access {
    uint64_t offset;
    mmu::Access access;
  };

  // What a cycle puts on the inputs.
  /// The ports with requests, a bit each.
  uint64_t asking() const { return asking_; }
  const mmu::Request& next_request(unsigned port) const { return queues_[port].front(); }
  const std::deque<Withdrawal>& withdrawals() const { return withdrawals_; }
  const std::optional<Bar1Access>& bar1() const { return bar1_; }
  const std::optional<RegisterAccess>& register_access() const { return register_; }
  const ReadChannel& reads() const { return reads_; }
  const WriteChannel& writes() const { return writes_; }
  const MemoryReady& memory_ready() const { return memory_ready_; }
  uint64_t now_ns() { return clock_.now_ns(); }

  // What was seen of the outputs.
  /// First of all, as what was asked in the cycle before; nothing: there is no such register.
  void register_answered(std::optional<uint32_t> value);
  void request_taken(unsigned port);
  void responded(unsigned port, const Response& response);
  void withdrawal_taken();
  void space(unsigned port);
  void bar1_taken();
  void bar1_responded(const mmu::Answer& answer);
  void address_read(unsigned id, mmu::Aperture aperture, uint64_t address);
  void beat_taken() { reads_.beat_taken(); }
  void address_written(mmu::Aperture aperture, uint64_t address) {
    writes_.take_address(aperture, address);
  }
  void beat_written(const uint32_t* words, uint16_t strobes, bool last) {
    writes_.take_beat(words, strobes, last);
  }
  void write_response_taken() { writes_.response_taken(); }
  void interrupts(uint32_t pending, uint32_t rose);

 private:
  /// Inputs, the edge that takes them, a look at the outputs.
  virtual void run_cycle(Responses responses) = 0;
  /// The same at rest: the inputs ask for nothing already, and nothing crosses the outputs.
  virtual void run_quiet_cycle() = 0;
  virtual void reset_rtl() = 0;
  virtual bool is_idle() const = 0;

  uint32_t access_register(const RegisterAccess& access);
  template <typename... Parameters, typename... Arguments>
  void tell(void (PortObserver::*event)(Parameters...), const Arguments&... arguments) {
    for (PortObserver* observer : observers_) (observer->*event)(arguments...);
  }

  GmmuSizes sizes_;
  mmu::Clock& clock_;
  ReadChannel reads_;
  WriteChannel writes_;
  std::function<MemoryReady()> next_memory_ready_;  // none: always ready
  MemoryReady memory_ready_;
  std::vector<PortObserver*> observers_;
  std::vector<std::deque<mmu::Request>> queues_;
  uint64_t asking_ = 0;
  std::deque<Withdrawal> withdrawals_;
  std::optional<Bar1Access> bar1_;
  std::optional<RegisterAccess> register_;  // to be taken in this cycle
  std::optional<RegisterAccess> accessed_;  // not answered yet
  uint32_t answer_ = 0;                     // of the last
  uint32_t pending_ = 0;
  bool rest_told_ = false;
  uint64_t cycle_ = 0;
};

}  // namespace faultline::rtl
