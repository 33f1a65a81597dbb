// SPDX-License-Identifier: MIT
// The functional GMMU: translates at once, parks what must wait for a replay.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <variant>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/mmu/gv100_registers.hpp"
#include "systemc_models/mmu/instance_block.hpp"
#include "systemc_models/mmu/invalidate.hpp"
#include "systemc_models/mmu/modes.hpp"
#include "systemc_models/mmu/replay_lists.hpp"
#include "systemc_models/mmu/statistics.hpp"
#include "systemc_models/mmu/tlb.hpp"
#include "systemc_models/mmu/trace.hpp"
#include "systemc_models/mmu/walk.hpp"

namespace faultline::mmu {

/// Not thread-safe. The Listener is called from inside translate(), abandon() and
/// write_register(), when the state is consistent: it may call any of them again.
class Gmmu {
 public:
  /// Throws std::invalid_argument if the configuration has no GPC, no uTLB, no replay list, or a
  /// default fault buffer of fewer than two entries.
  Gmmu(const Config& config, Memory& memory, Listener& listener, Clock& clock);

  /// Tags must be unique among parked requests.
  Answer translate(const Request& request) {
    Answer answer;
    if (hit(request, answer)) [[likely]]
      return answer;
    return translate_slow(request);
  }
  /// The client wants no answer to a parked request any more. Unknown tags are ignored.
  void abandon(uint64_t tag);
  /// An access of the host through a BAR: physical (an identity into video memory) or virtual, as
  /// BARn_BLOCK says. kTranslated, kSparse, or kFaulted, which the snapshot registers then
  /// describe.
  Answer translate_bar(Bar bar, uint64_t offset, Access access);

  static bool has_register(uint32_t offset) { return RegisterFile::owns(offset); }
  /// `offset` in BAR0, one for which has_register().
  uint32_t read_register(uint32_t offset) const { return registers_.read(offset, busy_); }
  void write_register(uint32_t offset, uint32_t value);

  /// As after power-up. Parked requests are forgotten, not answered.
  void reset();
  const Statistics& statistics() const { return statistics_; }
  /// Null: none. The trace must outlive its use.
  void set_trace(Trace* trace);

 private:
  using Resolution = std::variant<Answer, regs::FaultType>;

  struct Answered {
    uint64_t tag;
    Answer answer;
  };
  struct Space {
    unsigned list;
  };
  struct Interrupt {
    uint32_t pending;
    uint32_t rose;
  };
  using Notice = std::variant<Answered, Space, Interrupt>;

  bool hit(const Request& request, Answer& answer);
  // gmmu_translate.cpp
  Answer translate_slow(const Request& request);
  Resolution resolve(const Request& request, unsigned tlb);
  const Binding* bind(const Requester& requester, FirstLevelTlb& tlb);
  Resolution resolve_in(const Binding& binding, const Request& request, unsigned tlb);
  Resolution walk_for(const Binding& binding, const Request& request, unsigned tlb);
  Resolution accept(const WalkResult& found, const Binding& binding, const Request& request,
                    unsigned tlb);
  const Leaf* cached_leaf(SpaceKey space, const Request& request, unsigned tlb);
  Answer resolve_bar(Bar bar, uint64_t offset, Access access);
  // gmmu_faults.cpp
  Answer take_fault(const Request& request, unsigned tlb, regs::FaultType type);
  bool is_replayable(const Request& request, regs::FaultType type);
  FaultRecord record_of(const Request& request, regs::FaultType type);
  void report(const FaultRecord& record, regs::FaultBuffer to);
  void latch(const FaultRecord& record);
  bool write_packet(const FaultBuffer::Slot& slot, const FaultPacket& packet);
  // gmmu_replay.cpp
  void invalidate(const Invalidate& operation);
  void invalidate_tlbs(const Invalidate& operation);
  void replay(const Invalidate& operation);
  void replay_one(const Invalidate& operation, unsigned list, const Parked& parked);
  void refault(const Invalidate& operation, unsigned list, const Request& request,
               regs::FaultType type);
  void cancel(const Request& request, const FaultRecord& record);
  bool is_cancelled(const Invalidate& operation, unsigned list, const Request& request);
  void answer_later(uint64_t tag, const Answer& answer);
  void announce_space();
  void deliver();
  void deliver_one(const Notice& notice);
  // gmmu_registers.cpp
  void update_interrupts(uint32_t enabled_again);
  void update_modes();
  void update_slow();
  void forget_bindings();

  Config config_;
  Memory& memory_;
  Listener& listener_;
  Clock& clock_;
  Trace* trace_ = nullptr;
  Statistics statistics_;

  Tlbs tlbs_;
  Walker walker_;
  InstanceCache instances_;
  ReplayLists lists_;

  Gv100Registers registers_;
  Modes modes_;
  uint32_t interrupts_pending_ = 0;
  bool busy_ = false;
  bool cancel_reported_ = false;  ///< of the operation in progress
  bool slow_ = false;  ///< every request takes the slow path: traced, or translation is off

  std::deque<Notice> notices_;
  bool delivering_ = false;
};

inline bool Gmmu::hit(const Request& request, Answer& answer) {
  const Requester& requester = request.requester;
  FirstLevelTlb& tlb = tlbs_.first(tlbs_.index_of(requester));
  if (slow_ || tlb.last_requester != binding_key(requester.instance, requester.engine_id))
    return false;
  const Leaf* const leaf = find_leaf(tlb.leaves, tlb.last_binding.space, request.va);
  if (!leaf || !(leaf->allowed >> access_index(request.access, requester.privileged) & 1))
    return false;
  ++statistics_.hits;
  answer = answer_from(*leaf, request.va);
  return true;
}

}  // namespace faultline::mmu
