// SPDX-License-Identifier: MIT
// Puts an image under the RTL.
#include "tools/translate/rtl.hpp"

#include <bit>
#include <utility>

#include "systemc_models/rtl_shell/wave_request.hpp"

namespace faultline::translate {

using mmu::Level;

namespace {

/// The level of the entry after `entry`; of the last one it means nothing.
Level next_level(const WalkEntry& entry) {
  namespace dual = regs::dual_pde;
  switch (entry.level) {
    case Level::kPde3:
      return Level::kPde2;
    case Level::kPde2:
      return Level::kPde1;
    case Level::kPde1:
      return Level::kPde0;
    case Level::kPde0:
      return dual::aperture_big.decode(entry.word) == regs::PdeAperture::kInvalid ? Level::kPte4k
                                                                                  : Level::kPte64k;
    default:
      return Level::kPte4k;
  }
}

/// Which of the read's two words is the entry, VA decides; a dual entry is both.
WalkEntry entry_of(const rtl::ReadChannel::Read& read, Level level, uint64_t va) {
  const auto words = std::bit_cast<std::array<uint64_t, 2>>(read.data);
  if (level == Level::kPde0)
    return {.level = level, .at = {read.aperture, read.address}, .words = 2, .word = words};
  const uint64_t index = va >> shift_of(level) & 1;
  return {.level = level,
          .at = {read.aperture, read.address + index * sizeof words[0]},
          .words = 1,
          .word = {words[index]}};
}

rtl::GmmuBuild build_of(const std::string& wave) {
  return wave.empty() ? rtl::device_gmmu() : rtl::waveform_gmmu({.path = wave});
}

}  // namespace

void Rtl::Watch::memory_read(const rtl::ReadChannel::Read& read) {
  if (read.id != instance_read_id && !read.error) reads.push_back(read);
}

Rtl::Rtl(const Image& image, const std::string& wave)
    : ImageTranslator(image), gmmu_(build_of(wave).make(memory(), silence_), silence_) {
  watch_.instance_read_id = gmmu_.clocked().sizes().instance_read_id();
  gmmu_.clocked().observe(watch_);
}

mmu::Answer Rtl::translate(const mmu::Request& request, std::vector<WalkEntry>& walk) {
  gmmu_.reset();
  const mmu::Answer answer = gmmu_.translate(request);
  Level level = Level::kPde3;
  for (const auto& read : std::exchange(watch_.reads, {})) {
    walk.push_back(entry_of(read, level, request.va));
    level = next_level(walk.back());
  }
  return answer;
}

}  // namespace faultline::translate
