// SPDX-License-Identifier: MIT
// The memory of an image, as the MMU sees it.
#pragma once

#include <array>
#include <optional>

#include "regs/generated/faultline_regs.hpp"
#include "tools/translate/image.hpp"

namespace faultline::translate {

/// The image's chunks and, if the image has no instance block, one made for its page directory.
class ImageMemory : public mmu::Memory {
 public:
  /// The image must outlive this.
  explicit ImageMemory(const Image& image);

  const Place& instance_block() const { return instance_block_; }
  /// Where the MMU looked first and nothing is, since the last forget().
  const std::optional<Place>& missing() const { return missing_; }
  void forget() { missing_.reset(); }

  bool read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out) override;
  bool write(mmu::Aperture, uint64_t, std::span<const std::byte>) override { return false; }
  std::span<const std::byte> span(mmu::Aperture aperture, uint64_t address, size_t size) override;

 private:
  using InstanceWords = std::array<uint32_t, regs::instance_block::kWords>;

  std::span<const std::byte> find(const Place& at, size_t size) const;
  void make_instance_block();

  const Image& image_;
  Place instance_block_;
  std::optional<InstanceWords> made_;
  std::optional<Place> missing_;
};

}  // namespace faultline::translate
