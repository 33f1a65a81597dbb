// SPDX-License-Identifier: MIT
// Two events matter here; all go on.
#include "qemu_device/device/session_watch.hpp"

#include <spdlog/spdlog.h>

namespace faultline::device {

namespace {

// On a PC, RAM begins here. Flash and other devices' memory lie higher, and never come with a
// descriptor.
constexpr uint64_t kRamAddress = 0;

}  // namespace

void SessionWatch::connected() {
  spdlog::info("a client has connected");
  warned_ = false;
  next_.connected();
}

void SessionWatch::disconnected() {
  spdlog::info("the client has left");
  next_.disconnected();
  if (lifetime_ == Lifetime::kOneClient) loop_.stop();
}

void SessionWatch::dma_mapped(const pci::DmaMapping& mapping) {
  if (!mapping.reachable && mapping.address == kRamAddress && !warned_) {
    warned_ = true;
    spdlog::warn(
        "guest RAM came without a file descriptor, so the device cannot reach it; start "
        "QEMU with -object memory-backend-memfd,share=on");
  }
  next_.dma_mapped(mapping);
}

void SessionWatch::config_access(pci::Direction direction, uint64_t offset,
                                 std::span<const std::byte> data) {
  next_.config_access(direction, offset, data);
}

void SessionWatch::bar_access(pci::Direction direction, unsigned bar, uint64_t offset,
                              std::span<const std::byte> data) {
  next_.bar_access(direction, bar, offset, data);
}

void SessionWatch::dma_unmapped(uint64_t address, uint64_t size) {
  next_.dma_unmapped(address, size);
}

void SessionWatch::reset(pci::ResetKind kind) { next_.reset(kind); }

void SessionWatch::interrupt_raised(unsigned vector, pci::InterruptFate fate) {
  next_.interrupt_raised(vector, fate);
}

void SessionWatch::interrupts_configured(uint32_t index, uint32_t flags, uint32_t start,
                                         uint32_t count) {
  next_.interrupts_configured(index, flags, start, count);
}

void SessionWatch::message_refused(uint16_t command, int error) {
  spdlog::info("a message of the client was refused: command {}, error {}", command, error);
  next_.message_refused(command, error);
}

}  // namespace faultline::device
