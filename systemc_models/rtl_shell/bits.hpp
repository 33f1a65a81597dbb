// SPDX-License-Identifier: MIT
// Packed structs of SystemVerilog, field by field, in the words of a Verilated port.
#pragma once

#include <cstdint>

namespace faultline::rtl {

inline void set_bits(uint32_t* words, unsigned lsb, unsigned width, uint64_t value) {
  for (unsigned i = 0; i < width; ++i) {
    const unsigned bit = lsb + i;
    const uint32_t one = 1u << (bit % 32);
    if (value >> i & 1)
      words[bit / 32] |= one;
    else
      words[bit / 32] &= ~one;
  }
}

inline uint64_t get_bits(const uint32_t* words, unsigned lsb, unsigned width) {
  uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i)
    value |= uint64_t{words[(lsb + i) / 32] >> ((lsb + i) % 32) & 1} << i;
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

}  // namespace faultline::rtl
