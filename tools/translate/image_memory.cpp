// SPDX-License-Identifier: MIT
// Finds addresses in the chunks of an image.
#include "tools/translate/image_memory.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace faultline::translate {

namespace block = regs::instance_block;
using mmu::Aperture;

namespace {

std::pair<Aperture, uint64_t> order(const Place& place) {
  const bool video = place.aperture == Aperture::kVidmem;
  return {video ? Aperture::kVidmem : Aperture::kSysCoherent, place.address};
}

}  // namespace

ImageMemory::ImageMemory(const Image& image) : image_(image) {
  if (image.instance_block()) {
    instance_block_ = *image.instance_block();
  } else {
    make_instance_block();
  }
}

// In memory that no page-table entry can name, so that it is in no chunk's way.
void ImageMemory::make_instance_block() {
  instance_block_ = {.aperture = Aperture::kVidmem,
                     .address = ~uint64_t{0} / block::kBytes * block::kBytes};
  InstanceWords words{};
  const Place& root = image_.page_directory();
  block::page_dir_base_target.set(words, static_cast<regs::PdbTarget>(root.aperture));
  block::page_dir_base_lo.set(words, static_cast<uint32_t>(root.address) >> block::kBaseShift);
  block::page_dir_base_hi.set(words, static_cast<uint32_t>(root.address >> 32));
  block::use_ver2_pt_format.set(words, 1u);
  block::big_page_size.set(words, 1u);
  made_ = words;
}

std::span<const std::byte> ImageMemory::find(const Place& at, size_t size) const {
  if (made_ && at.aperture == instance_block_.aperture && at.address >= instance_block_.address) {
    const uint64_t into = at.address - instance_block_.address;
    if (into < sizeof(*made_) && size <= sizeof(*made_) - into)
      return std::as_bytes(std::span(*made_)).subspan(into, size);
  }
  const auto chunks = image_.chunks();
  const auto after = std::ranges::upper_bound(chunks, order(at), {},
                                              [](const Chunk& chunk) { return order(chunk.at); });
  if (after == chunks.begin()) return {};
  const Chunk& chunk = *std::prev(after);
  const uint64_t offset = at.address - chunk.at.address;
  if (order({at.aperture, 0}) != order({chunk.at.aperture, 0}) || offset >= chunk.bytes.size() ||
      size > chunk.bytes.size() - offset)
    return {};
  return chunk.bytes.subspan(offset, size);
}

bool ImageMemory::read(Aperture aperture, uint64_t address, std::span<std::byte> out) {
  const auto bytes = find({aperture, address}, out.size());
  if (bytes.empty()) {
    if (!missing_) missing_ = {aperture, address};
    return false;
  }
  std::memcpy(out.data(), bytes.data(), out.size());
  return true;
}

std::span<const std::byte> ImageMemory::span(Aperture aperture, uint64_t address, size_t size) {
  return find({aperture, address}, size);
}

}  // namespace faultline::translate
