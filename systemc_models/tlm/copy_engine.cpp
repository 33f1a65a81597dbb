// SPDX-License-Identifier: MIT
// Channels with a copy engine each.
#include "systemc_models/tlm/copy_engine.hpp"

#include <string>

#include "systemc_models/tlm/copy_runner.hpp"

namespace faultline::tlm {

CopyEngine::CopyEngine(sc_core::sc_module_name name, unsigned first_channel,
                       Environment environment, ChannelInterrupt& interrupt)
    : sc_module(name), memory("memory"), translation("translation") {
  for (unsigned j = 0; j < kChannels; ++j) {
    const std::string channel_name = "channel_" + std::to_string(j);
    channels_.push_back(
        std::make_unique<Channel>(channel_name.c_str(), first_channel + j, environment, memory,
                                  interrupt, std::make_unique<CopyRunner>(j, memory, translation)));
  }
}

}  // namespace faultline::tlm
