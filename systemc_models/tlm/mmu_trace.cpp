// SPDX-License-Identifier: MIT
// MMU events as lines of the trace.
#include "systemc_models/tlm/mmu_trace.hpp"

#include "systemc_models/tlm/channel.hpp"

namespace faultline::tlm {

void MmuTrace::about(std::string_view event, const mmu::Request& request) {
  walking_tag_ = request.tag;
  out_.event(event, {{"channel", uint64_t{channel_of_tag(request.tag)}},
                     {"tag", Hex{request.tag}},
                     {"va", Hex{request.va}}});
}

void MmuTrace::hit(const mmu::Request& request, const mmu::Answer&) { about("hit", request); }

void MmuTrace::miss(const mmu::Request& request) { about("miss", request); }

void MmuTrace::replayed(const mmu::Request& request) { about("replayed", request); }

void MmuTrace::cancelled(const mmu::Request& request) { about("cancelled", request); }

void MmuTrace::walk_step(const mmu::WalkStep& step) {
  out_.event("walk", {{"channel", uint64_t{channel_of_tag(walking_tag_)}},
                      {"tag", Hex{walking_tag_}},
                      {"level_shift", uint64_t{shift_of(step.level)}},
                      {"address", Hex{step.address}},
                      {"entry", Hex{step.entry.empty() ? 0 : step.entry[0]}}});
}

void MmuTrace::packet(regs::FaultBuffer buffer, uint32_t index, const mmu::FaultRecord& fault) {
  out_.event("packet", {{"buffer", to_string(buffer)},
                        {"index", uint64_t{index}},
                        {"tag", Hex{walking_tag_}},
                        {"va", Hex{fault.va}},
                        {"fault_type", to_string(fault.type)},
                        {"timestamp", fault.timestamp_ns}});
}

void MmuTrace::answered(uint64_t tag, const mmu::Answer& answer) {
  out_.event(
      "answered",
      {{"channel", uint64_t{channel_of_tag(tag)}}, {"tag", Hex{tag}}, {"pa", Hex{answer.pa}}});
}

}  // namespace faultline::tlm
