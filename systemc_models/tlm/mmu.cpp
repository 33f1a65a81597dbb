// SPDX-License-Identifier: MIT
// Transactions to calls of the plain model, and its time.
#include "systemc_models/tlm/mmu.hpp"

namespace faultline::tlm {

Mmu::Mmu(sc_core::sc_module_name name, const mmu::Config& config, const Environment& environment,
         const DeviceClock& clock)
    : MmuPorts(name, config.gpcs),
      environment_(environment),
      clock_(clock),
      mmu_trace_(environment.trace),
      port_memory_(memory),
      gmmu_(config, port_memory_, *this, *this) {}

std::unique_ptr<MmuPorts> Mmu::make(const mmu::Config& config, const Environment& environment,
                                    const DeviceClock& clock) {
  return std::make_unique<Mmu>("mmu", config, environment, clock);
}

/// The model looks at its trace on every access: it gets one only if somebody reads it.
void Mmu::start_of_simulation() {
  if (environment_.trace.is_on()) gmmu_.set_trace(&mmu_trace_);
}

void Mmu::forget() {
  gmmu_.reset();
  parked_.clear();
}

void Mmu::translate(unsigned port, const mmu::Request& request, mmu::Answer& answer,
                    sc_core::sc_time& delay) {
  const uint64_t entries_before = gmmu_.statistics().entries_read;
  if (port == bar1_port()) {
    answer = gmmu_.translate_bar(mmu::Bar::k1, request.va, request.access);
  } else {
    answer = gmmu_.translate(request);
  }
  const uint64_t steps = gmmu_.statistics().entries_read - entries_before;
  const Timing& timing = environment_.timing;
  delay += nanoseconds(timing.tlb_hit_ns + steps * timing.walk_step_ns);
  if (answer.outcome == mmu::Outcome::kParked) parked_[request.tag] = port;
}

void Mmu::withdraw(uint64_t tag) {
  gmmu_.abandon(tag);
  parked_.erase(tag);
}

void Mmu::answered(uint64_t tag, const mmu::Answer& answer) {
  const auto found = parked_.find(tag);
  if (found == parked_.end()) return;
  const unsigned port = found->second;
  parked_.erase(found);
  send_answer(port, tag, answer);
}

void Mmu::interrupt(uint32_t pending, uint32_t rose) {
  MmuPorts::interrupt->hub_interrupt(pending, rose);
}

}  // namespace faultline::tlm
