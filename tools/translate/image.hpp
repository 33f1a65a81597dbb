// SPDX-License-Identifier: MIT
// A GMMU image (docs/reference/gmmu-image.md), checked and taken apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::translate {

/// What is wrong with an image, in one line.
class ImageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class Generation : uint32_t { kPascal = 0x130, kVolta = 0x140 };

struct Place {
  mmu::Aperture aperture = mmu::Aperture::kVidmem;
  uint64_t address = 0;
  bool operator==(const Place&) const = default;
};

struct Chunk {
  Place at;
  std::span<const std::byte> bytes;
};

struct Question {
  uint64_t va = 0;
  mmu::Access access = mmu::Access::kRead;
  bool privileged = false;
};

enum class Result : uint8_t { kTranslated = 0, kFault = 1, kSparse = 2 };
enum class Basis : uint8_t { kManual = 0, kInterpretation = 1 };

struct Expected {
  Result result = Result::kTranslated;
  std::optional<uint8_t> fault_type;  ///< nothing: any
  std::optional<uint8_t> alternative_fault_type;
  Basis basis = Basis::kManual;
  uint64_t pa = 0;
  mmu::Aperture aperture = mmu::Aperture::kVidmem;
  uint8_t peer = 0;
  uint8_t page_shift = 0;
  uint8_t kind = 0;
  bool vol = false;
  bool read_only = false;
  bool atomic_disable = false;
};

struct Query {
  Question question;
  Expected expected;
};

/// Refers to the bytes it was parsed from, which must outlive it.
class Image {
 public:
  /// Throws ImageError. Nothing is allocated for what the bytes do not hold.
  explicit Image(std::span<const std::byte> file);

  Generation generation() const { return generation_; }
  const Place& page_directory() const { return page_directory_; }
  /// Nothing: the image has none.
  const std::optional<Place>& instance_block() const { return instance_block_; }
  /// In the order of their places; system memory counts as coherent. None overlap.
  std::span<const Chunk> chunks() const { return chunks_; }
  size_t query_count() const;
  /// `i` is less than query_count().
  Query query(size_t i) const;

 private:
  Generation generation_ = Generation::kVolta;
  Place page_directory_;
  std::optional<Place> instance_block_;
  std::vector<Chunk> chunks_;
  std::span<const std::byte> queries_;
};

}  // namespace faultline::translate
