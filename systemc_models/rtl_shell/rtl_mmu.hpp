// SPDX-License-Identifier: MIT
// The RTL behind the sockets of MmuPorts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <variant>
#include <vector>

#include "systemc_models/rtl_shell/device_gmmu.hpp"
#include "systemc_models/rtl_shell/rtl_trace.hpp"
#include "systemc_models/rtl_shell/tag_table.hpp"
#include "systemc_models/tlm/device_clock.hpp"
#include "systemc_models/tlm/environment.hpp"
#include "systemc_models/tlm/mmu_ports.hpp"
#include "systemc_models/tlm/port_memory.hpp"

namespace faultline::rtl {

/// A process clocks the RTL while it has something to do, in bursts. A client acts before the next
/// cycle, so no invalidate is done in between: it hears its answer at once, or, if it waits in its
/// b_transport, the burst ends there. Register accesses take two cycles each, from wherever they
/// come, and keep responses waiting.
class RtlMmu : public tlm::MmuPorts, private mmu::Clock, private PortObserver {
 public:
  RtlMmu(sc_core::sc_module_name name, const GmmuBuild& build, const tlm::Environment& environment,
         const tlm::DeviceClock& clock);

  ClockedGmmu& gmmu() { return *gmmu_; }
  void forget() override;
  mmu::Statistics statistics() const override { return statistics_; }

 private:
  /// A client that waits in its translate().
  struct Asking {
    sc_core::sc_event answered;
    std::optional<mmu::Answer> answer;
  };
  /// How far a request is.
  enum class Stage : uint8_t {
    kTold,      ///< its client is told the first answer
    kAwaited,   ///< its client waits for it in translate()
    kParked,    ///< its client is told the late answer
    kWithdrawn  ///< parked, and wanted no more
  };
  /// A request that the RTL knows.
  struct Known {
    mmu::Request request;  ///< with the client's tag
    Asking* asking;        ///< while it is kAwaited
    unsigned socket;       ///< of `translation`
    Stage stage;
  };
  struct Late {
    unsigned socket;
    uint64_t tag;
    mmu::Answer answer;
  };
  struct Room {
    unsigned port;
  };
  struct Level {
    uint32_t pending;
    uint32_t rose;
  };
  using Notice = std::variant<Late, Room, Level>;

  // tlm::MmuPorts
  void translate(unsigned socket, const mmu::Request& request, mmu::Answer& answer,
                 sc_core::sc_time& delay) override;
  Given ask(unsigned socket, const mmu::Request& request, mmu::Answer& answer,
            sc_core::sc_time& delay) override;
  void withdraw(uint64_t tag) override;
  uint64_t epoch() const override { return register_reads_; }
  bool has_register(uint32_t offset) const override;
  uint32_t read_register(uint32_t offset) override;
  void write_register(uint32_t offset, uint32_t value) override;
  // mmu::Clock
  uint64_t now_ns() override;
  // PortObserver
  void responded(unsigned port, const Response& response) override;
  void withdrawn(unsigned port, uint16_t tag) override;
  void space(unsigned port) override { notices_.emplace_back(Room{port}); }
  void bar1_responded(const mmu::Answer& answer) override { bar1_answer_ = answer; }
  void memory_read(const ReadChannel::Read& read) override;
  void memory_written(const WriteChannel::Burst& burst) override;
  void interrupt(uint32_t pending, uint32_t rose) override;

  void run();
  void run_burst();
  void start_of_simulation() override;
  mmu::Answer access_bar1(uint64_t offset, mmu::Access access);
  void wake(uint16_t tag, Known& known, const mmu::Answer& answer);
  void queue(uint16_t tag, const mmu::Request& request);
  Known close(uint16_t tag, mmu::Outcome outcome);
  void cancel(const Known& known);
  void call();
  void after_cycle();
  void give_first_answers();
  void give_notices();
  void give(const Notice& notice);

  tlm::Environment environment_;
  const tlm::DeviceClock& clock_;
  tlm::PortMemory port_memory_;
  std::unique_ptr<ClockedGmmu> gmmu_;
  RtlTrace trace_;
  mmu::Statistics statistics_;

  sc_core::sc_event work_;
  std::vector<std::unique_ptr<Asking>> free_;
  TagTable<Known> known_;
  std::unordered_map<uint64_t, uint16_t> port_tag_;  // of parked requests, by the clients' tags
  std::vector<Response> first_answers_;              // since the last cycle, like the notices
  std::vector<Notice> notices_;
  size_t answers_given_ = 0;
  size_t notices_given_ = 0;
  std::vector<uint16_t> ask_again_;
  std::optional<mmu::Answer> bar1_answer_;
  uint64_t register_reads_ = 0;
  uint64_t burst_ns_ = 0;       // how far the running burst is
  sc_core::sc_time burst_end_;  // of the latest
  bool called_ = true;          // run() will come
  bool in_bar1_ = false;
  bool woken_ = false;  // a client, in this burst
};

}  // namespace faultline::rtl
