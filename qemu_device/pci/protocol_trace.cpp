// SPDX-License-Identifier: MIT
// Lines of the form "   1.234567 bar0 write 0x000010 4: 78563412".
#include "qemu_device/pci/protocol_trace.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace faultline::pci {
namespace {

constexpr size_t kShownBytes = 32;

/// The bytes in the order of their addresses, as in memory.
std::string hex(std::span<const std::byte> data) {
  std::string text;
  for (const std::byte b : data.first(std::min(data.size(), kShownBytes))) {
    fmt::format_to(std::back_inserter(text), "{:02x}", std::to_integer<unsigned>(b));
  }
  return data.size() > kShownBytes ? text + "..." : text;
}

std::string_view name(Direction direction) {
  return direction == Direction::kRead ? "read " : "write";
}

std::string_view name(ResetKind kind) {
  switch (kind) {
    case ResetKind::kPower:
      return "power-on";
    case ResetKind::kBus:
      return "bus";
    case ResetKind::kFunctionLevel:
      return "function-level";
  }
  return "unknown";
}

}  // namespace

ProtocolTrace::ProtocolTrace(const std::string& path)
    : path_(path), file_(path == "-" ? stderr : std::fopen(path.c_str(), "we")) {
  if (file_ == nullptr) {
    throw std::runtime_error(fmt::format("cannot write protocol trace {}: {}; choose another file",
                                         path, std::strerror(errno)));
  }
  std::setvbuf(file_, nullptr, _IOLBF, 0);  // a trace is wanted most when the program dies
}

ProtocolTrace::~ProtocolTrace() { close(); }

void ProtocolTrace::close() {
  if (file_ != nullptr && file_ != stderr) std::fclose(file_);
  file_ = nullptr;
}

void ProtocolTrace::connected() { line("client connected"); }

void ProtocolTrace::disconnected() { line("client disconnected"); }

void ProtocolTrace::config_access(Direction direction, uint64_t offset,
                                  std::span<const std::byte> data) {
  line(fmt::format("config {} {:#05x} {}: {}", name(direction), offset, data.size(), hex(data)));
}

void ProtocolTrace::bar_access(Direction direction, unsigned bar, uint64_t offset,
                               std::span<const std::byte> data) {
  line(
      fmt::format("bar{} {} {:#08x} {}: {}", bar, name(direction), offset, data.size(), hex(data)));
}

void ProtocolTrace::dma_mapped(const DmaMapping& m) {
  line(fmt::format("dma map {:#x} + {:#x}{}{}", m.address, m.size, m.writable ? "" : " read-only",
                   m.reachable ? "" : " (no descriptor: cannot be reached)"));
}

void ProtocolTrace::dma_unmapped(uint64_t address, uint64_t size) {
  line(fmt::format("dma unmap {:#x} + {:#x}", address, size));
}

void ProtocolTrace::reset(ResetKind kind) { line(fmt::format("reset: {}", name(kind))); }

void ProtocolTrace::interrupt_raised(unsigned vector, InterruptFate fate) {
  line(fmt::format("interrupt {} {}", vector,
                   fate == InterruptFate::kSent ? "sent" : "latched: no eventfd, or masked"));
}

void ProtocolTrace::interrupts_configured(uint32_t index, uint32_t flags, uint32_t start,
                                          uint32_t count) {
  line(fmt::format("set irqs: index {} vectors {} + {} flags {:#x}", index, start, count, flags));
}

void ProtocolTrace::message_refused(uint16_t command, int error) {
  line(fmt::format("refused command {}: {}", command, std::strerror(error)));
}

void ProtocolTrace::line(std::string_view text) {
  if (file_ == nullptr) return;
  const std::chrono::duration<double> now = std::chrono::steady_clock::now() - start_;
  const std::string whole = fmt::format("{:11.6f} {}\n", now.count(), text);
  if (std::fputs(whole.c_str(), file_) != EOF) return;
  const std::string says = std::strerror(errno);
  close();
  fmt::println(stderr, "protocol trace {}: {}; it ends here: make room or choose another file",
               path_, says);
}

}  // namespace faultline::pci
