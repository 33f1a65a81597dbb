// SPDX-License-Identifier: MIT
// One GV100 fault buffer.
#include "systemc_models/mmu/gv100_fault_buffer.hpp"

#include <algorithm>

namespace faultline::mmu {

namespace buffer_lo = regs::mmu_fault_buffer_lo;
namespace buffer_hi = regs::mmu_fault_buffer_hi;
namespace buffer_get = regs::mmu_fault_buffer_get;
namespace buffer_put = regs::mmu_fault_buffer_put;
namespace buffer_size = regs::mmu_fault_buffer_size;

std::optional<FaultBuffer::Slot> FaultBuffer::reserve() {
  if (overflow_ || getptr_corrupted_) return {};
  if (after(put_) == get_ || entries() == 0) {
    overflow_ = true;
    return {};
  }
  const uint64_t base = uint64_t{buffer_lo::addr.get(lo_)} << buffer_lo::addr.kLo |
                        uint64_t{buffer_hi::addr.get(hi_)} << 32;
  return Slot{.index = put_,
              .mode = buffer_lo::addr_mode.decode(lo_),
              .aperture = static_cast<Aperture>(buffer_lo::phys_aperture.get(lo_)),
              .address = base + uint64_t{put_} * regs::fault_packet::kBytes};
}

void FaultBuffer::commit() { put_ = after(put_); }

// GET is taken before the flags are cleared, so that one write can make room and clear OVERFLOW.
void FaultBuffer::write_get(uint32_t value) {
  get_ = buffer_get::ptr.get(value);
  if (buffer_get::overflow.get(value)) overflow_ = false;
  if (buffer_get::getptr_corrupted.get(value)) getptr_corrupted_ = false;
  check_get();
}

void FaultBuffer::check_get() {
  if (enabled() && get_ >= std::max(entries(), 1u)) getptr_corrupted_ = true;
}

void FaultBuffer::write_size(uint32_t value) {
  const bool was_enabled = enabled();
  size_ = value;
  if (buffer_size::set_default.get(value)) size_ = buffer_size::val.set(size_, default_entries_);
  if (enabled() && !was_enabled) error_ = false;
  if (enabled() && put_ >= entries()) put_ = 0;
  check_get();
}

uint32_t FaultBuffer::get() const {
  uint32_t word = buffer_get::ptr.set(0, get_);
  word = buffer_get::getptr_corrupted.set(word, getptr_corrupted_);
  return buffer_get::overflow.set(word, overflow_);
}

uint32_t FaultBuffer::put() const {
  uint32_t word = buffer_put::ptr.set(0, put_);
  word = buffer_put::getptr_corrupted.set(word, getptr_corrupted_);
  return buffer_put::overflow.set(word, overflow_);
}

uint32_t gv100_fault_info(const FaultRecord& record) {
  using namespace regs::fault_packet;
  const Requester& requester = record.requester;
  uint32_t word = fault_type.set(0, record.type);
  word = replayable_fault.set(word, record.replayable);
  word = client.set(word, requester.client);
  word = access_type.set(word, static_cast<uint32_t>(record.access));
  word = mmu_client_type.set(word, static_cast<uint32_t>(requester.client_type));
  word = gpc_id.set(word, requester.gpc);
  word = replayable_fault_en.set(word, record.replay_enabled);
  return valid.set(word, 1);
}

FaultPacket make_gv100_packet(const FaultRecord& record) {
  using namespace regs::fault_packet;
  const Requester& requester = record.requester;
  const auto low = [](uint64_t value) { return static_cast<uint32_t>(value); };
  const auto high = [](uint64_t value) { return static_cast<uint32_t>(value >> 32); };
  FaultPacket packet{};
  const std::span<uint32_t> words(packet);
  inst_aperture.set(words, static_cast<uint32_t>(requester.instance.aperture));
  inst_lo.set(words, low(requester.instance.address) >> inst_lo.kLo);
  inst_hi.set(words, high(requester.instance.address));
  addr_lo.set(words, low(record.va) >> addr_lo.kLo);
  addr_hi.set(words, high(record.va));
  timestamp_lo.set(words, low(record.timestamp_ns));
  timestamp_hi.set(words, high(record.timestamp_ns));
  engine_id.set(words, requester.engine_id);
  packet[valid.word] = gv100_fault_info(record);
  return packet;
}

}  // namespace faultline::mmu
