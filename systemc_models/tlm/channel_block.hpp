// SPDX-License-Identifier: MIT
// The registers and doorbells of all channels.
#pragma once

#include <utility>
#include <vector>

#include "systemc_models/tlm/channel.hpp"
#include "systemc_models/tlm/register_block.hpp"

namespace faultline::tlm {

class ChannelBlock : public RegisterBlock {
 public:
  /// In the order of their numbers.
  void add(Channel& channel) { channels_.push_back(&channel); }
  void reset();
  uint64_t jobs_done() const;

  std::optional<uint32_t> read_register(uint32_t offset) override;
  Taken write_register(uint32_t offset, uint32_t value) override;

 private:
  /// The channel and the offset of the same register in channel 0.
  std::optional<std::pair<Channel*, uint32_t>> find(uint32_t offset) const;
  Channel* find_doorbell(uint32_t offset) const;

  std::vector<Channel*> channels_;
};

}  // namespace faultline::tlm
