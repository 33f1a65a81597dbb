// SPDX-License-Identifier: MIT
// The bytes of a GMMU image, version 1 (docs/reference/gmmu-image.md).
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

namespace faultline::translate::form {

static_assert(std::endian::native == std::endian::little, "images are little endian");

inline constexpr std::string_view kMagic = "GMMUDMP1";
inline constexpr uint64_t kPage = 4096;
inline constexpr uint32_t kVaBits = 49;
inline constexpr uint64_t kNoInstanceBlock = ~uint64_t{0};
inline constexpr uint8_t kNoFault = 0xff;

struct Header {
  char magic[8];
  uint32_t header_size;
  uint32_t flags;
  uint32_t generation;
  uint32_t va_bits;
  uint64_t pdb_address;
  uint32_t pdb_aperture;
  uint32_t n_chunks;
  uint32_t n_queries;
  uint32_t inst_aperture;
  uint64_t inst_address;
  uint64_t reserved;
};
static_assert(sizeof(Header) == 64);

struct Chunk {
  uint32_t aperture;
  uint32_t length;
  uint64_t address;
};
static_assert(sizeof(Chunk) == 16);

struct Query {
  uint64_t va;
  uint64_t pa;
  uint8_t access;
  uint8_t privileged;
  uint8_t result;
  uint8_t fault_type;
  uint8_t alternative_fault_type;
  uint8_t basis;
  uint8_t aperture;
  uint8_t peer;
  uint8_t page_shift;
  uint8_t vol;
  uint8_t kind;
  uint8_t read_only;
  uint8_t atomic_disable;
  uint8_t level;
  uint16_t tag;
  uint64_t leaf_pte;
  uint64_t reserved;
};
static_assert(sizeof(Query) == 48);

}  // namespace faultline::translate::form
