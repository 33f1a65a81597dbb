// SPDX-License-Identifier: MIT
// Fault packets: each tells of a fault, each fault is told.
#include <algorithm>
#include <span>

#include "systemc_models/check/complain.hpp"

namespace faultline::check {

using mmu::FaultPacket;
using regs::FaultType;
namespace fields = regs::fault_packet;

namespace {

constexpr size_t kValidOffset = fields::valid.word * sizeof(uint32_t);

uint64_t words(uint32_t low, uint32_t high) { return uint64_t{high} << 32 | low; }

mmu::FaultRecord record_of(const mmu::Request& request, const FaultPacket& packet) {
  return {
      .requester = request.requester,
      .va = request.va,
      .access = request.access,
      .type = fields::fault_type.decode(packet),
      .replayable = fields::replayable_fault.get(packet) != 0,
      .replay_enabled = fields::replayable_fault_en.get(packet) != 0,
      .timestamp_ns = words(fields::timestamp_lo.get(packet), fields::timestamp_hi.get(packet))};
}

/// All of a packet but type and time.
FaultPacket looks_of(const mmu::Request& request) {
  return mmu::make_gv100_packet(record_of(request, {}));
}

bool takes_packet(mmu::FaultBuffer buffer) { return buffer.enabled() && buffer.reserve(); }

}  // namespace

/// A packet comes in two writes: all words but the last, which has VALID, and then that.
void Checker::memory_written(const rtl::WriteChannel::Burst& burst) {
  resting_ = false;
  if (burst.runs.size() != 1) return complain("{} runs of bytes in one write", burst.runs.size());
  const auto& [address, bytes] = burst.runs[0];
  const bool is_first = bytes.size() == kValidOffset;
  const bool is_second = bytes.size() == sizeof(uint32_t) && half_ &&
                         address == half_->address + kValidOffset &&
                         burst.aperture == half_->aperture;
  if (half_ ? !is_second : !is_first) {
    half_.reset();
    return complain("{} bytes written at {:#x}, not a packet's next part", bytes.size(), address);
  }
  if (is_first) half_ = Packet{.aperture = burst.aperture, .address = address};
  const auto to = std::as_writable_bytes(std::span(half_->words));
  std::ranges::copy(bytes, to.begin() + (is_first ? 0 : kValidOffset));
  if (is_second || !burst.ok) take_packet(*std::exchange(half_, {}), burst.ok);
}

void Checker::take_packet(const Packet& packet, bool written) {
  const auto& fault = packet.words;
  const bool replayable = fields::replayable_fault.get(fault) != 0;
  // The word that says which buffer it is for was not reached.
  if (!written) uncertain_ = {true, true};
  if (!written) return;
  const auto which =
      replayable ? regs::FaultBuffer::kReplayable : regs::FaultBuffer::kNonReplayable;
  check_place(which, packet);

  const uint64_t timestamp =
      words(fields::timestamp_lo.get(fault), fields::timestamp_hi.get(fault));
  if (timestamp < last_timestamp_) complain("time stamp {} after {}", timestamp, last_timestamp_);
  last_timestamp_ = timestamp;
  if (!fields::valid.get(fault)) complain("a packet that is not VALID");

  if (is_told_of_one(fault) || is_told_of_twins(fault)) return;
  if (is_allowed(fault)) return;
  complain("a packet tells of what did not happen: {} at {:#x}, words {:#010x} {:#010x}",
           to_string(fields::fault_type.decode(fault)),
           words(fields::addr_lo.get(fault) << fields::addr_lo.kLo, fields::addr_hi.get(fault)),
           fault[6], fault[7]);
}

bool Checker::may_be_told(const Entry& entry) const {
  return entry.told <= (entry.parked ? operations_.replays_at_most() : 0);
}

bool Checker::is_told_of_one(const FaultPacket& packet) {
  const auto told = std::ranges::find_if(entries_, [&](const auto& known) {
    return may_be_told(known.second) && is_packet_of(known.first, known.second, packet);
  });
  if (told == entries_.end()) return false;
  told->second.reported = cycle_;
  ++told->second.told;
  return true;
}

/// The one that it is of has been given a packet of another that looks like it: that one gets it.
bool Checker::is_told_of_twins(const FaultPacket& packet) {
  const auto told = std::ranges::find_if(
      entries_, [&](const auto& known) { return is_packet_of(known.first, known.second, packet); });
  if (told == entries_.end()) return false;
  const FaultPacket looks = looks_of(told->second.request);
  const auto twin = std::ranges::find_if(entries_, [&](const auto& known) {
    return may_be_told(known.second) && looks_of(known.second.request) == looks;
  });
  if (twin == entries_.end()) return false;
  twin->second.reported = std::exchange(told->second.reported, cycle_);
  ++twin->second.told;
  return true;
}

/// One that waits has been given a packet of one that has gone since.
bool Checker::is_allowed(const FaultPacket& packet) {
  const auto found = std::ranges::find_if(allowances_, [&packet](const Allowance& gone) {
    return gone.packets > 0 && mmu::make_gv100_packet(record_of(gone.request, packet)) == packet;
  });
  if (found == allowances_.end()) return false;
  --found->packets;
  return true;
}

bool Checker::is_packet_of(const Key& key, const Entry& entry, const FaultPacket& packet) const {
  const mmu::FaultRecord record = record_of(entry.request, packet);
  if (mmu::make_gv100_packet(record) != packet) return false;
  const bool cancelled = entry.parked && is_cancelled(key.first, entry.request);
  return justifies(entry.request, fault_floor(entry), [&](const Justified& found) {
    const auto* type = std::get_if<FaultType>(&found.resolution);
    if (!type || *type != record.type || !found.binding) return false;
    if (record.replay_enabled != found.binding->replay_enabled()) return false;
    const bool may_replay = found.binding->may_replay(entry.request.requester);
    return record.replayable == may_replay || (!record.replayable && cancelled);
  });
}

void Checker::check_place(regs::FaultBuffer which, const Packet& packet) {
  mmu::FaultBuffer& buffer = registers_.buffer(which);
  last_packet_ = cycle_;
  const auto slot = buffer.reserve();
  if (!slot || !buffer.enabled()) {
    if (!uncertain_[std::to_underlying(which)])
      complain("a packet for the {} buffer, which takes none", to_string(which));
    return;
  }
  const uint64_t address = packet.address;
  const bool in_place = slot->mode == regs::FaultBufferAddrMode::kPhysical
                            ? address == slot->address && packet.aperture == slot->aperture
                            : bar2_leads_to(*slot, address);
  if (!in_place)
    complain("packet {} of the {} buffer is at {:#x}, not {:#x}", slot->index, to_string(which),
             address, slot->address);
  buffer.commit();
  note_readiness();
}

bool Checker::bar2_leads_to(const mmu::FaultBuffer::Slot& slot, uint64_t address) {
  if (registers_.bar_mode(mmu::Bar::k2) == regs::BarMode::kPhysical) return address == slot.address;
  const auto request = registers_.bar_request(mmu::Bar::k2, slot.address, mmu::Access::kWrite);
  return justifies(request, cycle_, [address](const Justified& found) {
    const auto* answer = std::get_if<mmu::Answer>(&found.resolution);
    return answer && answer->pa == address;
  });
}

regs::FaultBuffer Checker::buffer_for(const Entry& entry) const {
  const mmu::Requester& who = entry.request.requester;
  const bool replayable = std::ranges::any_of(
      justification_.bindings(who),
      [&who](const SeenBinding& seen) { return seen.binding && seen.binding->may_replay(who); });
  return replayable ? regs::FaultBuffer::kReplayable : regs::FaultBuffer::kNonReplayable;
}

/// Requests may be so alike that a packet was taken for the other's: then it is this one's.
/// `needed` is how many an other keeps.
bool Checker::take_report_of_twin(Entry& entry,
                                  const std::function<unsigned(const Entry&)>& needed) {
  const FaultPacket wanted = looks_of(entry.request);
  const auto take = [&](unsigned& told, uint64_t reported) {
    --told;
    ++entry.told;
    entry.reported = reported;
    return true;
  };
  for (auto& [key, other] : entries_) {
    if (&other == &entry || other.told <= needed(other) || other.reported < fault_floor(entry) ||
        looks_of(other.request) != wanted)
      continue;
    take(other.told, other.reported);
    if (other.told == 0) other.reported = 0;
    return true;
  }
  for (Surplus& gone : surplus_)
    if (gone.told > 0 && gone.reported >= fault_floor(entry) && gone.looks == wanted)
      return take(gone.told, gone.reported);
  return false;
}

/// A fault without a packet: the filter, the snapshot, or a buffer that took none.
void Checker::check_silence(Entry& entry, FaultType type) {
  if (entry.reported > 0 && entry.reported >= fault_floor(entry)) return;
  if (take_report_of_twin(entry, [](const Entry& other) { return other.parked ? 1u : 0u; })) return;
  const bool prefetch = entry.request.access == mmu::Access::kPrefetch;
  if (prefetch && registers_.prefetch_filter() == regs::PrfFilter::kSendNone) return;
  const auto which = buffer_for(entry);
  mmu::FaultRecord record = record_of(entry.request, {});
  record.type = type;
  record.replayable = which == regs::FaultBuffer::kReplayable;
  if (!registers_.is_buffered(record, which)) {
    snapshot_uncertain_ = true;
    return;
  }
  if (!may_have_dropped(which, fault_floor(entry)))
    complain("{}: its fault is not told", text_of(entry.request));
}

bool Checker::may_have_dropped(regs::FaultBuffer which, uint64_t since) {
  const auto i = std::to_underlying(which);
  mmu::FaultBuffer& buffer = registers_.buffer(which);
  const bool virtual_mode = regs::mmu_fault_buffer_lo::addr_mode.decode(buffer.lo()) ==
                            regs::FaultBufferAddrMode::kVirtual;
  if (!takes_packet(buffer)) {
    (void)buffer.reserve();  // overflows, if it did not before
    return true;
  }
  if (!uncertain_[i] && unready_[i] < since && !virtual_mode) return false;
  uncertain_[i] = true;
  if (virtual_mode) snapshot_uncertain_ = true;  // BAR2 may have faulted
  return true;
}

/// A request that has gone may have kept packets that were another's, beside its `own`; and if it
/// was parked, another its own.
void Checker::note_gone(const Entry& entry, unsigned own) {
  if (entry.told > own)
    surplus_.push_back({looks_of(entry.request), entry.told - own, entry.reported});
  const unsigned most = entry.parked ? 1 + operations_.replays_at_most() : 0;
  if (entry.told < most) allowances_.push_back({entry.request, most - entry.told});
}

/// Only the first fault of a cancel is told: whether this one was, and dropped, cannot be seen.
void Checker::note_untold_cancel() {
  constexpr auto kWhich = std::to_underlying(regs::FaultBuffer::kNonReplayable);
  const mmu::FaultBuffer& buffer = registers_.buffer(regs::FaultBuffer::kNonReplayable);
  if (!buffer.enabled()) {
    snapshot_uncertain_ = true;
  } else if (!takes_packet(buffer) ||
             unready_[kWhich] >= operations_.replaying_since().value_or(cycle_)) {
    uncertain_[kWhich] = true;
  }
}

/// While something is on its way, a buffer that is full may just be dropping a packet.
void Checker::note_readiness() {
  for (const auto which : {regs::FaultBuffer::kNonReplayable, regs::FaultBuffer::kReplayable}) {
    const auto i = std::to_underlying(which);
    if (takes_packet(registers_.buffer(which))) continue;
    unready_[i] = cycle_;
    if (!resting_ && registers_.buffer(which).enabled()) uncertain_[i] = true;
  }
}

/// At rest the interrupts tell whether a buffer has overflowed, if software wants to know.
void Checker::resync() {
  using namespace regs::niso_intr;
  const uint32_t enabled = registers_.read(regs::niso_intr_en::kOffset, false);
  const auto learn = [&](regs::FaultBuffer which, uint32_t mask) {
    mmu::FaultBuffer& buffer = registers_.buffer(which);
    const bool tells =
        (enabled & mask) != 0 && regs::mmu_fault_buffer_size::overflow_intr.get(buffer.size()) != 0;
    if (!uncertain_[std::to_underlying(which)] || !tells) return;
    buffer.assume_overflow((pending_ & mask) != 0);
    uncertain_[std::to_underlying(which)] = false;
  };
  learn(regs::FaultBuffer::kReplayable, mmu_replayable_fault_overflow.mask());
  learn(regs::FaultBuffer::kNonReplayable, mmu_nonreplayable_fault_overflow.mask());
}

}  // namespace faultline::check
