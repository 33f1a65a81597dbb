// SPDX-License-Identifier: MIT
// What the MMU does, as events of the trace.
#pragma once

#include "systemc_models/mmu/trace.hpp"
#include "systemc_models/tlm/trace.hpp"

namespace faultline::tlm {

/// Clients write when they ask and when they touch memory; this adds what happens in between.
class MmuTrace : public mmu::Trace {
 public:
  explicit MmuTrace(tlm::Trace& out) : out_(out) {}

  void hit(const mmu::Request& request, const mmu::Answer& answer) override;
  void miss(const mmu::Request& request) override;
  void walk_step(const mmu::WalkStep& step) override;
  void packet(regs::FaultBuffer buffer, uint32_t index, const mmu::FaultRecord& fault) override;
  void replayed(const mmu::Request& request) override;
  void cancelled(const mmu::Request& request) override;
  void answered(uint64_t tag, const mmu::Answer& answer) override;

 private:
  void about(std::string_view event, const mmu::Request& request);

  tlm::Trace& out_;
  uint64_t walking_tag_ = 0;  // steps do not say for whom they are
};

}  // namespace faultline::tlm
