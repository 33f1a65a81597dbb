// SPDX-License-Identifier: MIT
// Port traffic as lines of the trace.
#include "systemc_models/rtl_shell/rtl_trace.hpp"

#include <algorithm>
#include <cstring>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/tlm/channel.hpp"
#include "systemc_models/tlm/page.hpp"

namespace faultline::rtl {

using mmu::Outcome;
using tlm::Hex;

namespace {

/// A hit is answered in the cycle after its request was taken.
constexpr uint64_t kHitCycles = 1;

uint64_t words(uint32_t low, uint32_t high) { return uint64_t{high} << 32 | low; }

}  // namespace

void RtlTrace::about(std::string_view event, const mmu::Request& request) {
  out_.event(event, {{"channel", uint64_t{tlm::channel_of_tag(request.tag)}},
                     {"tag", Hex{request.tag}},
                     {"va", Hex{request.va}}});
}

void RtlTrace::cycle_begins(uint64_t cycle) {
  cycle_ = cycle;
  for (auto& [tag, open] : open_) {
    if (open.missed || cycle_ - open.taken <= kHitCycles) continue;
    open.missed = true;
    walking_tag_ = open.request.tag;
    about("miss", open.request);
  }
}

void RtlTrace::requested(unsigned, const mmu::Request& request) {
  Open& open = open_[static_cast<uint16_t>(request.tag)];
  open = {.request = request, .taken = cycle_};
  open.request.tag = client_tag_(static_cast<uint16_t>(request.tag));
}

void RtlTrace::responded(unsigned, const Response& response) {
  const auto found = open_.find(response.tag);
  if (found == open_.end()) return;
  const Open& open = found->second;
  if (response.answer.outcome == Outcome::kParked) {
    found->second.parked = true;
    return;
  }
  if (open.parked) {
    if (response.answer.outcome == Outcome::kCancelled) about("cancelled", open.request);
    out_.event("answered", {{"channel", uint64_t{tlm::channel_of_tag(open.request.tag)}},
                            {"tag", Hex{open.request.tag}},
                            {"pa", Hex{response.answer.pa}}});
  } else if (!open.missed) {
    about("hit", open.request);
  }
  open_.erase(found);
}

void RtlTrace::withdrawn(unsigned, uint16_t tag) { open_.erase(tag); }

void RtlTrace::memory_read(const ReadChannel::Read& read) {
  out_.event("walk", {{"tag", Hex{walking_tag_}},
                      {"reader", uint64_t{read.id}},
                      {"address", Hex{read.address}},
                      {"entry", Hex{words(read.data[0], read.data[1])}},
                      {"entry_high", Hex{words(read.data[2], read.data[3])}}});
}

void RtlTrace::memory_written(const WriteChannel::Burst& burst) {
  namespace r = regs::fault_packet;
  for (const auto& run : burst.runs) {
    const size_t begin = run.address % r::kBytes;
    const size_t bytes = std::min(run.bytes.size(), sizeof packet_ - begin);
    std::memcpy(reinterpret_cast<std::byte*>(packet_.data()) + begin, run.bytes.data(), bytes);
  }
  if (burst.completes_packet()) tell_packet(packet_);
}

void RtlTrace::tell_packet(const Packet& packet) {
  namespace r = regs::fault_packet;
  const uint64_t va = words(r::addr_lo.get(packet) << r::addr_lo.kLo, r::addr_hi.get(packet));
  const auto of_page = std::ranges::find_if(open_, [va](const auto& known) {
    return known.second.missed && tlm::page_of(known.second.request.va) == va;
  });
  out_.event("packet",
             {{"index", packets_++},
              {"tag", Hex{of_page == open_.end() ? walking_tag_ : of_page->second.request.tag}},
              {"va", Hex{va}},
              {"fault_type", to_string(r::fault_type.decode(packet))},
              {"timestamp", words(r::timestamp_lo.get(packet), r::timestamp_hi.get(packet))}});
}

/// A replay asks for every parked request again.
void RtlTrace::register_accessed(const RegisterAccess& access) {
  namespace r = regs::mmu_invalidate;
  if (!access.is_write || access.offset != r::kOffset || !r::trigger.get(access.value)) return;
  if (r::replay.decode(access.value) == regs::ReplayOp::kNone) return;
  for (const auto& [tag, open] : open_) {
    if (!open.parked) continue;
    walking_tag_ = open.request.tag;
    about("replayed", open.request);
  }
}

void RtlTrace::was_reset() { open_.clear(); }

}  // namespace faultline::rtl
