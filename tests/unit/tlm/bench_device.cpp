// SPDX-License-Identifier: MIT
// Registers, rings and memory of the device under test.
#include "tests/unit/tlm/bench_device.hpp"

#include <cstring>

namespace faultline::tests {

namespace {

uint64_t ring_of(unsigned channel) { return BenchDevice::kRings + uint64_t{channel} * 0x2000; }
uint64_t completions_of(unsigned channel) { return ring_of(channel) + 0x1000; }

}  // namespace

tlm::JobWords encode(const JobFields& fields) {
  namespace f = regs::job;
  tlm::JobWords words{};
  const std::span<uint64_t> record(words);
  f::opcode.set(record, fields.opcode);
  f::data_size.set(record, fields.size);
  f::intr.set(record, fields.intr ? 1u : 0u);
  f::weak.set(record, fields.weak ? 1u : 0u);
  f::dst_mode.set(record, fields.dst_mode);
  f::src_mode.set(record, fields.src_mode);
  f::alu_op.set(record, fields.alu_op);
  f::job_id.set(record, fields.id);
  f::dst.set(record, fields.dst);
  f::src.set(record, fields.src);
  f::count.set(record, fields.count);
  f::index.set(record, fields.index);
  f::operand.set(record, fields.operand);
  f::compare.set(record, fields.compare);
  f::stride.set(record, fields.stride);
  return words;
}

BenchDevice::BenchDevice(const tlm::DeviceConfig& config) : queued_(40) {
  host.map(0, kSystemBytes);
  device = std::make_unique<tlm::Device>(
      "device", config, host, sink,
      [this](const mmu::Config& mmu, const tlm::Environment&, const tlm::DeviceClock&) {
        auto made = std::make_unique<FakeMmu>(mmu.gpcs);
        mmu_ = made.get();
        return made;
      });
  sc_core::sc_start(sc_core::SC_ZERO_TIME);  // elaborates
}

uint32_t BenchDevice::read(uint32_t offset) {
  uint32_t value;
  device->bar0_read(offset, std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

void BenchDevice::write(uint32_t offset, uint32_t value) {
  device->bar0_write(offset, std::as_bytes(std::span(&value, 1)));
}

void BenchDevice::enable(unsigned channel, bool use_inst) {
  queued_[channel] = 0;
  write(regs::chan_ring_lo::offset(channel), static_cast<uint32_t>(ring_of(channel)));
  write(regs::chan_completion_lo::offset(channel), static_cast<uint32_t>(completions_of(channel)));
  write(regs::chan_ring_size::offset(channel), kLog2Entries);
  uint32_t ctrl = regs::chan_ctrl::enable.set(0, 1u);
  ctrl = regs::chan_ctrl::use_inst.set(ctrl, use_inst ? 1u : 0u);
  write(regs::chan_ctrl::offset(channel), ctrl);
}

void BenchDevice::queue(unsigned channel, const JobFields& job) {
  const tlm::JobWords words = encode(job);
  const uint64_t entry = queued_[channel]++ % (1u << kLog2Entries);
  const auto at =
      host.span(ring_of(channel) + entry * sizeof words, sizeof words, tlm::Intent::kWrite);
  std::memcpy(at.data(), words.data(), sizeof words);
}

void BenchDevice::ring(unsigned channel) {
  write(regs::chan_doorbell::offset(channel), queued_[channel]);
}

void BenchDevice::run() {
  while (device->is_busy()) device->run(std::chrono::seconds(10));
}

CompletionFields BenchDevice::completion(unsigned channel, unsigned n) {
  namespace f = regs::completion;
  const uint64_t entry = n % (1u << kLog2Entries);
  const std::span<const uint64_t> record =
      system<uint64_t>(completions_of(channel) + entry * f::kBytes, f::kWords);
  return {.valid = f::valid.get(record) != 0,
          .status = f::status.decode(record),
          .fault_type = static_cast<uint8_t>(f::fault_type.get(record)),
          .access_type = f::access_type.decode(record),
          .job_id = static_cast<uint32_t>(f::job_id.get(record)),
          .result = f::result.get(record),
          .done = f::done.get(record),
          .fault_address = f::fault_address.get(record)};
}

CompletionFields BenchDevice::do_job(unsigned channel, const JobFields& job) {
  const unsigned n = queued_[channel];
  queue(channel, job);
  ring(channel);
  run();
  return completion(channel, n);
}

regs::ChanState BenchDevice::state(unsigned channel) {
  return regs::chan_status::state.decode(read(regs::chan_status::offset(channel)));
}

void BenchDevice::map_system(uint64_t va, uint64_t pa, unsigned pages) {
  for (unsigned i = 0; i < pages; ++i)
    mmu().map(va + i * tlm::kPageBytes, mmu::Aperture::kSysCoherent, pa + i * tlm::kPageBytes);
}

}  // namespace faultline::tests
