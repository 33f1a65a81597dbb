// SPDX-License-Identifier: MIT
// Streams and their places in the machine.
#include "systemc_models/tlm/stream_engine.hpp"

#include <string>

#include "systemc_models/tlm/stream_runner.hpp"

namespace faultline::tlm {

namespace {

constexpr unsigned kTpcsPerGpc = 8;

}  // namespace

StreamEngine::StreamEngine(sc_core::sc_module_name name, const mmu::Config& mmu,
                           Environment environment, ChannelInterrupt& interrupt)
    : sc_module(name),
      memory("memory"),
      translation("translation", mmu.gpcs),
      gpcs_(mmu.gpcs),
      utlbs_per_gpc_(mmu.utlbs_per_gpc),
      agenda_(kChannels, environment.pacer,
              [this](unsigned stream) { runners_[stream]->proceed(); }) {
  for (auto& port : translation) port.set_listener(*this);
  for (unsigned i = 0; i < kChannels; ++i) {
    const auto gpc = static_cast<uint8_t>(i % gpcs_);
    const auto tpc = static_cast<uint8_t>(i / gpcs_ % kTpcsPerGpc);
    auto runner = std::make_unique<StreamRunner>(gpc, tpc, memory, translation[gpc], agenda_);
    runners_.push_back(runner.get());
    const std::string channel_name = "channel_" + std::to_string(i);
    channels_.push_back(std::make_unique<Channel>(channel_name.c_str(), i, environment, memory,
                                                  interrupt, std::move(runner)));
  }
}

StreamEngine::~StreamEngine() = default;

void StreamEngine::answered(uint64_t tag, const mmu::Answer& answer) {
  runners_[channel_of_tag(tag)]->answered(tag, answer);
}

/// Several streams may share a uTLB: an MMU need not have one for each TPC.
void StreamEngine::space(uint8_t gpc, uint8_t utlb) {
  for (unsigned i = gpc; i < kChannels; i += gpcs_)
    if (runners_[i]->utlb() % utlbs_per_gpc_ == utlb) runners_[i]->space();
}

}  // namespace faultline::tlm
