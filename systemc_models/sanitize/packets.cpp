// SPDX-License-Identifier: MIT
// Looks at each packet that GET passes.
#include "systemc_models/sanitize/packets.hpp"

#include <fmt/format.h>

#include <span>

#include "systemc_models/sanitize/text.hpp"

namespace faultline::sanitize {

namespace buffer_lo = regs::mmu_fault_buffer_lo;
namespace buffer_hi = regs::mmu_fault_buffer_hi;
namespace buffer_size = regs::mmu_fault_buffer_size;

struct Packets::Ring {
  regs::FaultBuffer which;
  mmu::Aperture aperture;
  uint64_t base;
  uint32_t get;
};

void Packets::check(const mmu::Gv100Registers& registers, regs::FaultBuffer which, uint32_t value,
                    uint64_t now_ns) {
  const mmu::FaultBuffer& buffer = registers.buffer(which);
  const uint32_t entries = buffer_size::val.get(buffer.size());
  const uint32_t target = regs::mmu_fault_buffer_get::ptr.get(value);
  const uint32_t get = regs::mmu_fault_buffer_get::ptr.get(buffer.get());
  const bool is_physical =
      buffer_lo::addr_mode.decode(buffer.lo()) == regs::FaultBufferAddrMode::kPhysical;
  // Through BAR2 it is not looked at.
  if (!buffer.enabled() || !is_physical || target >= entries || get >= entries) return;
  const Ring ring{.which = which,
                  .aperture = static_cast<mmu::Aperture>(buffer_lo::phys_aperture.get(buffer.lo())),
                  .base = uint64_t{buffer_lo::addr.get(buffer.lo())} << buffer_lo::addr.kLo |
                          uint64_t{buffer_hi::addr.get(buffer.hi())} << 32,
                  .get = get};
  for (uint32_t index = get; index != target; index = (index + 1) % entries)
    check_one(ring, index, target, now_ns);
}

void Packets::check_one(const Ring& ring, uint32_t index, uint32_t target, uint64_t now_ns) {
  using namespace regs::fault_packet;
  mmu::FaultPacket packet{};
  const std::span<const uint32_t> words(packet);
  if (!memory_.read(ring.aperture, ring.base + uint64_t{index} * kBytes,
                    std::as_writable_bytes(std::span(packet))) ||
      !valid.get(words))
    return;
  const uint64_t va = uint64_t{addr_hi.get(words)} << 32 | uint64_t{addr_lo.get(words)}
                                                               << addr_lo.kLo;
  const uint64_t written = uint64_t{timestamp_hi.get(words)} << 32 | timestamp_lo.get(words);
  std::string text =
      fmt::format("GET of the {} fault buffer passed entry {}, whose VALID is still set",
                  to_string(ring.which), index);
  text += fmt::format("\n  the entry, at {}:",
                      page_text(ring.aperture, ring.base + uint64_t{index} * kBytes));
  text += line(written,
               fmt::format("packet written: {} of {:#x}", to_string(fault_type.decode(words)), va));
  text += line(now_ns, fmt::format("GET moves from {} to {}, VALID is 1", ring.get, target));
  report_({.kind = Kind::kPacketNotCleared, .device_ns = now_ns, .text = std::move(text)});
}

}  // namespace faultline::sanitize
