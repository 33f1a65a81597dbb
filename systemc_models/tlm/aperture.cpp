// SPDX-License-Identifier: MIT
// PRAMIN (dev_bus, BAR0_WINDOW) and BAR1.
#include "systemc_models/tlm/aperture.hpp"

#include <algorithm>

#include "systemc_models/tlm/page.hpp"

namespace faultline::tlm {

namespace {

constexpr std::byte kNobody{0xff};

}  // namespace

Aperture::Aperture(sc_core::sc_module_name name)
    : sc_module(name), memory("memory"), translation("translation") {}

bool Aperture::is_pramin(uint64_t bar0_offset) {
  namespace r = regs::bar0_window;
  return bar0_offset >= r::kPraminOffset && bar0_offset < r::kPraminOffset + r::kPraminSize;
}

Aperture::Place Aperture::pramin(uint64_t bar0_offset) const {
  namespace r = regs::bar0_window;
  const uint64_t base = uint64_t{r::base.get(window_)} << r::kBaseShift;
  return {static_cast<mmu::Aperture>(r::target.get(window_)),
          base + (bar0_offset - r::kPraminOffset)};
}

void Aperture::read_pramin(uint64_t bar0_offset, std::span<std::byte> out) {
  const Place place = pramin(bar0_offset);
  if (!memory.read(place.aperture, place.address, out)) std::ranges::fill(out, kNobody);
}

void Aperture::write_pramin(uint64_t bar0_offset, std::span<const std::byte> in) {
  const Place place = pramin(bar0_offset);
  memory.write(place.aperture, place.address, in);
}

mmu::Answer Aperture::bar1(uint64_t offset, mmu::Access access) {
  sc_core::sc_time delay;
  return translation.translate({.va = offset, .access = access, .requester = {}}, delay);
}

void Aperture::read_bar1(uint64_t offset, std::span<std::byte> out) {
  while (!out.empty()) {
    const auto part = out.first(std::min<uint64_t>(out.size(), bytes_to_page_end(offset)));
    const mmu::Answer answer = bar1(offset, mmu::Access::kRead);
    if (answer.outcome == mmu::Outcome::kSparse) {
      std::ranges::fill(part, std::byte{0});
    } else if (answer.outcome != mmu::Outcome::kTranslated ||
               !memory.read(answer.aperture, answer.pa, part)) {
      std::ranges::fill(part, kNobody);
    }
    out = out.subspan(part.size());
    offset += part.size();
  }
}

void Aperture::write_bar1(uint64_t offset, std::span<const std::byte> in) {
  while (!in.empty()) {
    const auto part = in.first(std::min<uint64_t>(in.size(), bytes_to_page_end(offset)));
    const mmu::Answer answer = bar1(offset, mmu::Access::kWrite);
    if (answer.outcome == mmu::Outcome::kTranslated) memory.write(answer.aperture, answer.pa, part);
    in = in.subspan(part.size());
    offset += part.size();
  }
}

std::optional<uint32_t> Aperture::read_register(uint32_t offset) {
  if (offset != regs::bar0_window::kOffset) return {};
  return window_;
}

RegisterBlock::Taken Aperture::write_register(uint32_t offset, uint32_t value) {
  if (offset != regs::bar0_window::kOffset) return Taken::kNo;
  window_ = value & (regs::bar0_window::base.mask() | regs::bar0_window::target.mask());
  return Taken::kYes;
}

}  // namespace faultline::tlm
