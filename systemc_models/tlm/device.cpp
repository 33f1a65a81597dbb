// SPDX-License-Identifier: MIT
// Address decode, reset and running of the device.
#include "systemc_models/tlm/device.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>

namespace faultline::tlm {

namespace {

// A guest that scans a BAR should not fill the disk.
constexpr size_t kMaxReported = 64;

bool is_whole(uint64_t offset, size_t size) {
  return offset % sizeof(uint32_t) == 0 && size % sizeof(uint32_t) == 0;
}

}  // namespace

Device::Device(sc_core::sc_module_name name, const DeviceConfig& config, HostMemory& host_memory,
               MessageSink& interrupts, const MmuFactory& make_mmu)
    : sc_module(name),
      trace_(clock_, config.trace_path),
      timing_(config.timing),
      environment_{timing_, pacer_, trace_},
      vram_("vram", config.vram_bytes),
      host_bridge_("host_bridge", host_memory),
      interconnect_("interconnect"),
      interrupts_("interrupts", interrupts, trace_),
      mmu_(make_mmu(config.mmu, environment_, clock_)),
      access_counters_("access_counters", *mmu_),
      stream_engine_("stream_engine", config.mmu, environment_, interrupts_),
      copy_engine_("copy_engine", StreamEngine::kChannels, environment_, interrupts_),
      aperture_("aperture"),
      identity_(config.mmu, config.vram_bytes, clock_),
      notes_(*mmu_),
      blocks_{&channels_, &interrupts_, &identity_, &aperture_, &notes_, &access_counters_},
      mmu_registers_("mmu_registers") {
  bind();
  for (unsigned i = 0; i < StreamEngine::kChannels; ++i) channels_.add(stream_engine_.channel(i));
  for (unsigned j = 0; j < CopyEngine::kChannels; ++j) channels_.add(copy_engine_.channel(j));
}

void Device::bind() {
  interconnect_.vidmem.bind(vram_.socket);
  interconnect_.system.bind(host_bridge_.socket);
  mmu_->memory.bind(interconnect_.initiators);
  stream_engine_.memory.bind(interconnect_.initiators);
  copy_engine_.memory.bind(interconnect_.initiators);
  aperture_.memory.bind(interconnect_.initiators);
  access_counters_.memory.bind(interconnect_.initiators);

  for (unsigned gpc = 0; gpc < stream_engine_.translation.size(); ++gpc)
    stream_engine_.translation[gpc].bind(mmu_->translation[gpc]);
  copy_engine_.translation.bind(mmu_->translation[mmu_->copy_port()]);
  aperture_.translation.bind(mmu_->translation[mmu_->bar1_port()]);
  mmu_registers_.bind(mmu_->registers);
  mmu_->interrupt.bind(access_counters_);
  access_counters_.interrupt.bind(interrupts_.hub);
}

bool Device::is_busy() const { return sc_core::sc_pending_activity(); }

void Device::run(std::chrono::nanoseconds budget) {
  clock_.sync();
  pacer_.start(budget);
  sc_core::sc_start(sc_core::sc_max_time() - sc_core::sc_time_stamp(),
                    sc_core::SC_EXIT_ON_STARVATION);
}

void Device::reset(ResetKind kind) {
  clock_.sync();
  channels_.reset();
  mmu_->reset();
  access_counters_.reset();
  interrupts_.reset();
  aperture_.reset();
  identity_.reset();
  notes_.reset();
  if (kind == ResetKind::kPower) vram_.clear();
  if (trace_.is_on()) trace_.event("reset", {});
}

void Device::bar0_read(uint64_t offset, std::span<std::byte> out) {
  clock_.sync();
  if (Aperture::is_pramin(offset)) return aperture_.read_pramin(offset, out);
  std::ranges::fill(out, std::byte{0});
  if (!is_whole(offset, out.size())) return count_unmodelled("read", offset, out.size());
  for (size_t at = 0; at < out.size(); at += sizeof(uint32_t)) {
    const uint32_t value = read_register(static_cast<uint32_t>(offset + at));
    std::memcpy(&out[at], &value, sizeof value);
  }
}

void Device::bar0_write(uint64_t offset, std::span<const std::byte> in) {
  clock_.sync();
  if (Aperture::is_pramin(offset)) return aperture_.write_pramin(offset, in);
  if (!is_whole(offset, in.size())) return count_unmodelled("write", offset, in.size());
  for (size_t at = 0; at < in.size(); at += sizeof(uint32_t)) {
    uint32_t value;
    std::memcpy(&value, &in[at], sizeof value);
    write_register(static_cast<uint32_t>(offset + at), value);
  }
}

void Device::bar1_read(uint64_t offset, std::span<std::byte> out) {
  clock_.sync();
  aperture_.read_bar1(offset, out);
}

void Device::bar1_write(uint64_t offset, std::span<const std::byte> in) {
  clock_.sync();
  aperture_.write_bar1(offset, in);
}

uint32_t Device::read_register(uint32_t offset) {
  const std::optional<uint32_t> value = look_up(offset);
  if (trace_.is_on()) trace_access("read", offset, value.value_or(0));
  if (!value) count_unmodelled("read", offset, sizeof(uint32_t));
  return value.value_or(0);
}

std::optional<uint32_t> Device::look_up(uint32_t offset) {
  for (RegisterBlock* block : blocks_)
    if (const auto value = block->read_register(offset)) return value;
  return read_mmu_register(offset);
}

void Device::write_register(uint32_t offset, uint32_t value) {
  if (trace_.is_on()) trace_write(offset, value);
  for (RegisterBlock* block : blocks_)
    if (block->write_register(offset, value) == RegisterBlock::Taken::kYes) return;
  if (write_mmu_register(offset, value) == RegisterBlock::Taken::kYes) return;
  count_unmodelled("write", offset, sizeof(uint32_t));
}

std::optional<uint32_t> Device::read_mmu_register(uint32_t offset) {
  uint32_t value = 0;
  if (!transport_register(::tlm::TLM_READ_COMMAND, offset, value)) return {};
  return value | access_counters_.shared_bits(offset);
}

RegisterBlock::Taken Device::write_mmu_register(uint32_t offset, uint32_t value) {
  return transport_register(::tlm::TLM_WRITE_COMMAND, offset, value) ? RegisterBlock::Taken::kYes
                                                                     : RegisterBlock::Taken::kNo;
}

bool Device::transport_register(::tlm::tlm_command command, uint32_t offset, uint32_t& value) {
  ::tlm::tlm_generic_payload payload;
  payload.set_command(command);
  payload.set_address(offset);
  payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
  payload.set_data_length(sizeof value);
  payload.set_streaming_width(sizeof value);
  sc_core::sc_time delay;
  mmu_registers_->b_transport(payload, delay);
  return payload.is_response_ok();
}

void Device::count_unmodelled(const char* what, uint64_t offset, size_t size) {
  identity_.count_unmodelled();
  if (reported_.size() >= kMaxReported || !reported_.insert(offset).second) return;
  spdlog::warn("{} of {} bytes at BAR0 {:#x}, where no register is{}", what, size, offset,
               reported_.size() == kMaxReported ? "; further offsets are only counted" : "");
}

void Device::trace_access(const char* what, uint32_t offset, uint32_t value) {
  const auto* info = find_register(offset);
  trace_.event(
      what,
      {{"register", info ? info->name : "none"}, {"offset", Hex{offset}}, {"value", Hex{value}}});
}

void Device::trace_write(uint32_t offset, uint32_t value) {
  namespace r = regs::mmu_invalidate;
  trace_access("write", offset, value);
  if (offset != r::kOffset || !r::trigger.get(value)) return;
  const auto op = r::replay.decode(value);
  trace_.event(op == regs::ReplayOp::kNone ? "invalidate" : "replay", {{"op", to_string(op)}});
}

DeviceStatistics Device::statistics() const {
  return {.device_time_ns = clock_.now_ns(),
          .jobs = channels_.jobs_done(),
          .interrupts = interrupts_.messages(),
          .unmodelled = identity_.unmodelled(),
          .mmu = mmu_->statistics()};
}

}  // namespace faultline::tlm
