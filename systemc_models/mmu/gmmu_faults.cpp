// SPDX-License-Identifier: MIT
// What becomes of a fault: parked or not, reported in a buffer or in the snapshot.
#include "systemc_models/mmu/gmmu_model.hpp"

namespace faultline::mmu {

using regs::FaultType;

Answer Gmmu::take_fault(const Request& request, unsigned tlb, FaultType type) {
  Answer answer{.outcome = Outcome::kFaulted, .fault_type = static_cast<uint8_t>(type)};
  const bool replayable = is_replayable(request, type);
  const bool prefetch = request.access == Access::kPrefetch;
  if (replayable && !prefetch && lists_.full(tlb)) {
    lists_.refuse(tlb);
    answer.outcome = Outcome::kStalled;
    return answer;
  }
  ++statistics_.faults;
  FaultRecord record = record_of(request, type);
  record.replayable = replayable;
  const auto to = replayable ? regs::FaultBuffer::kReplayable : regs::FaultBuffer::kNonReplayable;
  if (prefetch) {
    answer.outcome = Outcome::kDropped;
    if (registers_.prefetch_filter() == regs::PrfFilter::kSendNone) {
      ++statistics_.dropped;
      return answer;
    }
  } else if (replayable) {
    answer.outcome = Outcome::kParked;
    lists_.park(tlb, {.request = request, .fault_type = type});
  }
  report(record, to);
  update_interrupts(0);
  deliver();
  return answer;
}

bool Gmmu::is_replayable(const Request& request, FaultType type) {
  const Requester& requester = request.requester;
  if (type == FaultType::kUnboundInstBlock) return false;
  const auto binding = instances_.bind(requester.instance, requester.engine_id);
  return binding && binding->may_replay(requester);
}

FaultRecord Gmmu::record_of(const Request& request, FaultType type) {
  const Requester& requester = request.requester;
  const auto binding = instances_.bind(requester.instance, requester.engine_id);
  return {.requester = requester,
          .va = request.va,
          .access = request.access,
          .type = type,
          .replayable = false,
          .replay_enabled = binding && binding->replay_enabled(),
          .timestamp_ns = clock_.now_ns()};
}

void Gmmu::report(const FaultRecord& record, regs::FaultBuffer to) {
  if (!registers_.is_buffered(record, to)) return latch(record);
  FaultBuffer& fault_buffer = registers_.buffer(to);
  const std::optional<FaultBuffer::Slot> slot = fault_buffer.reserve();
  if (!slot) {
    ++statistics_.dropped;
    return;
  }
  busy_ = true;
  const bool written = write_packet(*slot, make_gv100_packet(record));
  busy_ = false;
  if (!written) {
    ++statistics_.dropped;
    fault_buffer.fail();
    return;
  }
  fault_buffer.commit();
  ++statistics_.packets;
  if (trace_) trace_->packet(to, slot->index, record);
}

void Gmmu::latch(const FaultRecord& record) {
  if (registers_.snapshot().latch(record) == Snapshot::Latched::kNo) ++statistics_.dropped;
}

// The last word holds VALID: it is written alone, after the others.
bool Gmmu::write_packet(const FaultBuffer::Slot& slot, const FaultPacket& packet) {
  FaultBuffer::Slot physical = slot;
  if (slot.mode == regs::FaultBufferAddrMode::kVirtual) {
    const Answer answer = resolve_bar(Bar::k2, slot.address, Access::kWrite);
    if (answer.outcome == Outcome::kSparse) return true;
    if (answer.outcome != Outcome::kTranslated) return false;
    physical.address = answer.pa;
    physical.aperture = answer.aperture;
  }
  constexpr size_t kValidOffset = regs::fault_packet::valid.word * sizeof(uint32_t);
  const auto bytes = std::as_bytes(std::span(packet));
  return memory_.write(physical.aperture, physical.address, bytes.first(kValidOffset)) &&
         memory_.write(physical.aperture, physical.address + kValidOffset,
                       bytes.subspan(kValidOffset));
}

}  // namespace faultline::mmu
