// SPDX-License-Identifier: MIT
// The stream engine: 32 streams over the uTLBs of all GPCs, with replayable faults.
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "systemc_models/tlm/agenda.hpp"
#include "systemc_models/tlm/channel.hpp"
#include "systemc_models/tlm/memory_port.hpp"
#include "systemc_models/tlm/translation_port.hpp"

namespace faultline::tlm {

class StreamRunner;

class StreamEngine : public sc_core::sc_module, public TranslationListener {
 public:
  static constexpr unsigned kChannels =
      regs::faultline_channels::stream.get(regs::faultline_channels::kReset);

  StreamEngine(sc_core::sc_module_name name, const mmu::Config& mmu, Environment environment,
               ChannelInterrupt& interrupt);
  ~StreamEngine() override;

  MemoryPort memory;
  sc_core::sc_vector<TranslationPort> translation;  ///< one a GPC

  /// Issues on GPC `i % gpcs`, TPC `(i / gpcs) % 8`.
  Channel& channel(unsigned i) { return *channels_[i]; }

  void answered(uint64_t tag, const mmu::Answer& answer) override;
  void space(uint8_t gpc, uint8_t utlb) override;

 private:
  unsigned gpcs_;
  unsigned utlbs_per_gpc_;
  Agenda agenda_;
  std::vector<StreamRunner*> runners_;  // owned by their channels
  std::vector<std::unique_ptr<Channel>> channels_;
};

}  // namespace faultline::tlm
