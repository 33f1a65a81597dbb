// SPDX-License-Identifier: MIT
// The copy engines: HUB clients for migration, one engine a channel.
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "systemc_models/tlm/channel.hpp"
#include "systemc_models/tlm/memory_port.hpp"
#include "systemc_models/tlm/translation_port.hpp"

namespace faultline::tlm {

class CopyEngine : public sc_core::sc_module {
 public:
  static constexpr unsigned kChannels =
      regs::faultline_channels::copy.get(regs::faultline_channels::kReset);

  /// Its channels are numbered from `first_channel` on.
  CopyEngine(sc_core::sc_module_name name, unsigned first_channel, Environment environment,
             ChannelInterrupt& interrupt);

  MemoryPort memory;
  TranslationPort translation;

  Channel& channel(unsigned j) { return *channels_[j]; }

 private:
  std::vector<std::unique_ptr<Channel>> channels_;
};

}  // namespace faultline::tlm
