// SPDX-License-Identifier: MIT
// Holds everything that the RTL does at its ports against the model.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "systemc_models/check/invalidate_floors.hpp"
#include "systemc_models/check/justification.hpp"
#include "systemc_models/check/operation_queue.hpp"
#include "systemc_models/check/word_history.hpp"
#include "systemc_models/mmu/gv100_registers.hpp"
#include "systemc_models/rtl_shell/gmmu_sizes.hpp"
#include "systemc_models/rtl_shell/port_observer.hpp"

namespace faultline::check {

struct Violation {
  uint64_t cycle;
  std::string text;
};

/// The two need not do anything in the same cycle, since memory changes under both: the model walks
/// on the words that the RTL read. Checked are
/// - accounting: each request gets one response, or is parked and gets one more;
/// - answers: a walk on words read since the last invalidate gives them;
/// - packets: place, words, order of time stamps, and that no fault goes unreported;
/// - cancels: an operation asked for it; replays: no parked request is left out;
/// - registers and interrupts: at rest all of them, else those that do not move by themselves.
class Checker : public rtl::PortObserver {
 public:
  using Report = std::function<void(const Violation&)>;

  Checker(const rtl::GmmuSizes& sizes, Report report);

  uint64_t answers() const { return answers_; }

  // rtl::PortObserver
  void cycle_begins(uint64_t cycle) override { cycle_ = cycle; }
  void requested(unsigned port, const mmu::Request& request) override;
  void responded(unsigned port, const rtl::Response& response) override;
  void withdrawn(unsigned port, uint16_t tag) override;
  void bar1_requested(uint64_t offset, mmu::Access access) override;
  void bar1_responded(const mmu::Answer& answer) override;
  void memory_read(const rtl::ReadChannel::Read& read) override;
  void memory_written(const rtl::WriteChannel::Burst& burst) override;
  void interrupt(uint32_t pending, uint32_t rose) override;
  void register_accessed(const rtl::RegisterAccess& access) override;
  void rested() override;
  void was_reset() override;

 private:
  using Key = std::pair<unsigned, uint16_t>;  // port, tag

  struct Entry {
    mmu::Request request;
    uint64_t since;  ///< cycle in which it was taken
    bool parked = false;
    uint64_t reported = 0;  ///< cycle of its latest packet
    bool settled = false;   ///< it was parked when the RTL rested
    unsigned told = 0;      ///< packets: the first, and those of replays since the RTL rested
  };
  struct Packet {
    mmu::Aperture aperture;
    uint64_t address;
    mmu::FaultPacket words{};
  };
  /// Packets that a request which has gone may owe to others that look like it.
  struct Surplus {
    mmu::FaultPacket looks;
    unsigned told;
    uint64_t reported;
  };
  /// Packets of a request that has gone, at most, that may have been taken for those of others that
  /// look like it.
  struct Allowance {
    mmu::Request request;
    unsigned packets;
  };
  struct Bar1 {
    uint64_t offset;
    mmu::Access access;
    uint64_t since;
  };

  template <typename... Arguments>
  void complain(const char* text, const Arguments&... arguments);

  // checker_answers.cpp
  void check_answer(unsigned port, Entry& entry, const mmu::Answer& answer);
  void check_late(unsigned port, Entry& entry, const mmu::Answer& answer);
  void check_translation(const Entry& entry, const mmu::Answer& answer);
  void check_fault(const Entry& entry, const mmu::Answer& answer);
  void check_stall(unsigned port, const Entry& entry);
  void check_cancel(unsigned port, const Entry& entry);
  bool is_cancelled(unsigned port, const mmu::Request& request) const;
  bool justifies(const mmu::Request& request, uint64_t since,
                 const std::function<bool(const Justified&)>& wanted) const;
  uint64_t fault_floor(const Entry& entry) const;
  // checker_packets.cpp
  bool take_report_of_twin(Entry& entry, const std::function<unsigned(const Entry&)>& needed);
  void note_gone(const Entry& entry, unsigned own);
  bool is_allowed(const mmu::FaultPacket& packet);
  void check_replayed(Entry& entry);
  regs::FaultBuffer buffer_for(const Entry& entry) const;
  void check_silence(Entry& entry, regs::FaultType type);
  bool may_have_dropped(regs::FaultBuffer which, uint64_t since);
  bool may_be_told(const Entry& entry) const;
  bool is_told_of_one(const mmu::FaultPacket& packet);
  bool is_told_of_twins(const mmu::FaultPacket& packet);
  bool is_packet_of(const Key& key, const Entry& entry, const mmu::FaultPacket& packet) const;
  void take_packet(const Packet& packet, bool written);
  void check_place(regs::FaultBuffer which, const Packet& packet);
  bool bar2_leads_to(const mmu::FaultBuffer::Slot& slot, uint64_t address);
  void note_untold_cancel();
  void note_readiness();
  void resync();
  // checker_registers.cpp
  void check_read(const rtl::RegisterAccess& access);
  void check_put(regs::FaultBuffer which, uint32_t value);
  uint32_t comparable(uint32_t offset) const;
  void write(const rtl::RegisterAccess& access);

  rtl::GmmuSizes sizes_;
  Report report_;
  WordHistory history_;
  InvalidateFloors floors_;
  Justification justification_{history_, floors_};
  OperationQueue operations_{floors_};
  mmu::Gv100Registers registers_;
  mmu::Modes modes_;
  mmu::Modes old_modes_;
  uint64_t modes_changed_ = 0;

  std::map<Key, Entry> entries_;
  std::vector<Surplus> surplus_;       // since the RTL rested
  std::vector<Allowance> allowances_;  // the same
  std::optional<Bar1> bar1_;
  std::optional<Packet> half_;
  uint64_t cycle_ = 0;
  uint64_t answers_ = 0;
  bool resting_ = false;
  uint32_t pending_ = 0;
  uint64_t last_timestamp_ = 0;
  uint64_t last_packet_ = 0;  // cycle

  // By fault buffer: when it last could not take a packet, and whether what it dropped meanwhile
  // cannot be told from outside.
  std::array<uint64_t, 2> unready_{};
  std::array<bool, 2> uncertain_{};
  bool snapshot_uncertain_ = false;
};

}  // namespace faultline::check
