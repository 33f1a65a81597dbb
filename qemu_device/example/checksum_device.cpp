// SPDX-License-Identifier: MIT
// Register accesses are answered at once; the sum is formed in quanta between them.
#include "qemu_device/example/checksum_device.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace faultline::example {

constexpr uint32_t kQuantumBytes = 4096;

pci::PciIdentity identity() {
  return {.vendor_id = 0x1234,
          .device_id = 0xc5c5,
          .class_code = 0x120000,
          .bars = {{.index = 0, .size = 4096}},
          .interrupts = {}};
}

void ChecksumDevice::bar_read(unsigned, uint64_t offset, std::span<std::byte> data) {
  std::ranges::fill(data, std::byte{0});
  const uint64_t index = offset / sizeof(uint32_t);
  if (offset % sizeof(uint32_t) != 0 || index >= kRegisterCount) return;
  std::memcpy(data.data(), &registers_[index], std::min(data.size(), sizeof(uint32_t)));
}

void ChecksumDevice::bar_write(unsigned, uint64_t offset, std::span<const std::byte> data) {
  const uint64_t index = offset / sizeof(uint32_t);
  if (offset % sizeof(uint32_t) != 0 || data.size() != sizeof(uint32_t)) return;
  if (index < kScratch || index > kCommand || registers_[kStatus] == kBusy) return;
  std::memcpy(&registers_[index], data.data(), sizeof(uint32_t));
  if (index != kCommand) return;
  registers_[kStatus] = kBusy;
  registers_[kResult] = 0;
  done_ = 0;
}

void ChecksumDevice::reset(pci::ResetKind) {
  registers_.fill(0);
  registers_[kId] = kIdValue;
}

std::optional<std::chrono::nanoseconds> ChecksumDevice::due() {
  if (registers_[kStatus] != kBusy) return std::nullopt;
  return std::chrono::nanoseconds::zero();
}

void ChecksumDevice::run_quantum() {
  std::array<std::byte, kQuantumBytes> buffer;
  const auto bytes = std::span(buffer).first(std::min(kQuantumBytes, registers_[kLength] - done_));
  const uint64_t address = uint64_t{registers_[kAddressHi]} << 32 | registers_[kAddressLo];
  if (!host_->dma().read(address + done_, bytes)) return finish(kDmaError);
  registers_[kResult] =
      std::accumulate(bytes.begin(), bytes.end(), registers_[kResult],
                      [](uint32_t sum, std::byte b) { return sum + std::to_integer<uint32_t>(b); });
  done_ += static_cast<uint32_t>(bytes.size());
  if (done_ == registers_[kLength]) finish(kDone);
}

void ChecksumDevice::finish(Status status) {
  registers_[kStatus] = status;
  host_->raise(0);
}

}  // namespace faultline::example
