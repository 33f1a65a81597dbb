// SPDX-License-Identifier: MIT
// Decodes channel registers.
#include "systemc_models/tlm/channel_block.hpp"

namespace faultline::tlm {

namespace {

constexpr uint32_t kFirst = regs::chan_inst_lo::kOffset;
constexpr uint32_t kStride = regs::chan_inst_lo::kStride;
constexpr const regs::RegisterInfo& kDoorbell = *find_register(regs::chan_doorbell::kOffset);

}  // namespace

void ChannelBlock::reset() {
  for (Channel* channel : channels_) channel->reset();
}

uint64_t ChannelBlock::jobs_done() const {
  uint64_t jobs = 0;
  for (const Channel* channel : channels_) jobs += channel->jobs_done();
  return jobs;
}

std::optional<std::pair<Channel*, uint32_t>> ChannelBlock::find(uint32_t offset) const {
  if (offset < kFirst || (offset - kFirst) / kStride >= channels_.size()) return {};
  if (!find_register(offset)) return {};
  return std::pair{channels_[(offset - kFirst) / kStride], kFirst + (offset - kFirst) % kStride};
}

Channel* ChannelBlock::find_doorbell(uint32_t offset) const {
  const auto channel = index_in(kDoorbell, offset);
  return channel && *channel < channels_.size() ? channels_[*channel] : nullptr;
}

std::optional<uint32_t> ChannelBlock::read_register(uint32_t offset) {
  if (find_doorbell(offset)) return 0;
  const auto found = find(offset);
  if (!found) return {};
  return found->first->read(found->second);
}

RegisterBlock::Taken ChannelBlock::write_register(uint32_t offset, uint32_t value) {
  if (Channel* channel = find_doorbell(offset)) {
    channel->ring_doorbell(value);
    return Taken::kYes;
  }
  const auto found = find(offset);
  if (!found) return Taken::kNo;
  found->first->write(found->second, value);
  return Taken::kYes;
}

}  // namespace faultline::tlm
