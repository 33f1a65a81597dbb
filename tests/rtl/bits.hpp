// SPDX-License-Identifier: MIT
// Packed structs of SystemVerilog, field by field, in the words of a Verilated port.
#pragma once

#include <algorithm>
#include <cstdint>

namespace faultline::rtl::test {

/// The part of a field of `width` bits at `lsb` that lies in the word where it begins.
struct WordPart {
  WordPart(unsigned lsb, unsigned width)
      : word(lsb / kBits), offset(lsb % kBits), bits(std::min(kBits - offset, width)) {}
  static constexpr unsigned kBits = 32;
  uint32_t mask() const { return ~uint32_t{0} >> (kBits - bits); }
  unsigned word;
  unsigned offset;
  unsigned bits;
};

inline void set_bits(uint32_t* words, unsigned lsb, unsigned width, uint64_t value) {
  while (width > 0) {
    const WordPart part(lsb, width);
    const auto bits = static_cast<uint32_t>(value) & part.mask();
    uint32_t& word = words[part.word];
    word = (word & ~(part.mask() << part.offset)) | bits << part.offset;
    value >>= part.bits;
    lsb += part.bits;
    width -= part.bits;
  }
}

inline uint64_t get_bits(const uint32_t* words, unsigned lsb, unsigned width) {
  uint64_t value = 0;
  for (unsigned done = 0; done < width;) {
    const WordPart part(lsb + done, width - done);
    value |= uint64_t{words[part.word] >> part.offset & part.mask()} << done;
    done += part.bits;
  }
  return value;
}

/// Writes the fields of a struct in the order of its declaration: the first is the highest.
class FieldWriter {
 public:
  /// `lsb` is where the struct begins in the words, `bits` its size.
  FieldWriter(uint32_t* words, unsigned lsb, unsigned bits) : words_(words), end_(lsb + bits) {}
  FieldWriter& put(unsigned width, uint64_t value) {
    end_ -= width;
    set_bits(words_, end_, width, value);
    return *this;
  }

 private:
  uint32_t* words_;
  unsigned end_;
};

class FieldReader {
 public:
  FieldReader(const uint32_t* words, unsigned lsb, unsigned bits)
      : words_(words), end_(lsb + bits) {}
  template <typename T = uint64_t>
  T take(unsigned width) {
    end_ -= width;
    return static_cast<T>(get_bits(words_, end_, width));
  }

 private:
  const uint32_t* words_;
  unsigned end_;
};

}  // namespace faultline::rtl::test
