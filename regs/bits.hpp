// SPDX-License-Identifier: MIT
// Bit fields as constexpr objects: what the generated register header is made of.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace faultline::regs {

namespace detail {

/// Not constexpr on purpose: a constant that does not fit its field does not compile.
inline void value_does_not_fit_its_field() {}

/// `value` as the bits of a field, not yet shifted. At run time it is cut to the field's width, as
/// hardware would do.
template <std::unsigned_integral Word, typename V>
constexpr Word field_bits(V value, Word max) {
  Word bits;
  if constexpr (std::is_enum_v<V>) {
    bits = static_cast<Word>(std::to_underlying(value));
  } else {
    bits = static_cast<Word>(value);
  }
  if consteval {
    if (bits > max) value_does_not_fit_its_field();
  }
  return bits & max;
}

template <std::unsigned_integral Word, unsigned Width>
inline constexpr Word kFieldMax = std::numeric_limits<Word>::max() >>
                                  (std::numeric_limits<Word>::digits - Width);

}  // namespace detail

/// What may be stored in a field whose values are named by `Value`: that enum, or a plain integer.
template <typename V, typename Value>
concept FieldValue = std::integral<V> || (std::is_enum_v<Value> && std::same_as<V, Value>);

/// Bits Lo + Width - 1 .. Lo of a word; `Value` is the enum that names its values, or the word
/// itself.
template <std::unsigned_integral Word, unsigned Lo, unsigned Width, typename Value = Word>
struct Field {
  static_assert(Width >= 1 && Lo + Width <= std::numeric_limits<Word>::digits);

  static constexpr unsigned kLo = Lo;
  static constexpr unsigned kWidth = Width;
  static constexpr Word kMax = detail::kFieldMax<Word, Width>;

  static constexpr Word mask() { return kMax << Lo; }
  /// The field's value, moved down to bit 0.
  static constexpr Word get(Word word) { return (word >> Lo) & kMax; }
  /// The same as the enum that names it; the value may be one without a name.
  static constexpr Value decode(Word word) { return static_cast<Value>(get(word)); }
  /// `word` with the field replaced. A value that does not fit is cut; in a constant expression it
  /// is an error.
  template <FieldValue<Value> V>
  static constexpr Word set(Word word, V value) {
    return (word & ~mask()) | (detail::field_bits<Word>(value, kMax) << Lo);
  }
};

/// A field of a record of several words.
template <std::unsigned_integral Word, size_t WordIndex, unsigned Lo, unsigned Width,
          typename Value = Word>
struct RecordField : Field<Word, Lo, Width, Value> {
  using Base = Field<Word, Lo, Width, Value>;
  static constexpr size_t word = WordIndex;

  using Base::decode;
  using Base::get;
  using Base::set;
  static constexpr Word get(std::span<const Word> record) { return Base::get(record[WordIndex]); }
  static constexpr Value decode(std::span<const Word> record) {
    return Base::decode(record[WordIndex]);
  }
  template <FieldValue<Value> V>
  static constexpr void set(std::span<Word> record, V value) {
    record[WordIndex] = Base::set(record[WordIndex], value);
  }
};

/// `Count` equal fields of a record, `StrideBits` apart; field 0 begins at bit `Lo` of word
/// `FirstWord`.
template <std::unsigned_integral Word, size_t FirstWord, unsigned Lo, unsigned Width, size_t Count,
          size_t StrideBits, typename Value = Word>
struct RecordFieldArray {
  static constexpr unsigned kWordBits = std::numeric_limits<Word>::digits;
  static constexpr unsigned kLo = Lo;
  static constexpr unsigned kWidth = Width;
  static constexpr size_t kCount = Count;
  static constexpr Word kMax = detail::kFieldMax<Word, Width>;

  static constexpr size_t word(size_t i) { return FirstWord + (Lo + i * StrideBits) / kWordBits; }
  static constexpr unsigned lo(size_t i) { return (Lo + i * StrideBits) % kWordBits; }
  static constexpr Word mask(size_t i) { return kMax << lo(i); }

  static constexpr Word get(Word word_value, size_t i) { return (word_value >> lo(i)) & kMax; }
  static constexpr Word get(std::span<const Word> record, size_t i) {
    return get(record[word(i)], i);
  }
  static constexpr Value decode(std::span<const Word> record, size_t i) {
    return static_cast<Value>(get(record, i));
  }
  template <FieldValue<Value> V>
  static constexpr Word set(Word word_value, size_t i, V value) {
    return (word_value & ~mask(i)) | (detail::field_bits<Word>(value, kMax) << lo(i));
  }
  template <FieldValue<Value> V>
  static constexpr void set(std::span<Word> record, size_t i, V value) {
    record[word(i)] = set(record[word(i)], i, value);
  }
};

/// One register (or array of registers) as data: for traces, for generic storage, for tests. The
/// masks tell how each bit answers to software; bits in none of them are reserved: they read 0.
struct RegisterInfo {
  std::string_view name;
  uint32_t offset = 0;
  uint32_t stride = 0;
  uint32_t count = 1;
  uint32_t reset = 0;
  uint32_t ro = 0;       ///< reads give the value, writes are ignored
  uint32_t rw = 0;       ///< plain storage
  uint32_t w1c = 0;      ///< reads give the value, writing one clears
  uint32_t wo = 0;       ///< writes count, reads give 0
  uint32_t trigger = 0;  ///< writing one starts something, reads give 0

  /// Whether `at`, a byte offset in BAR0, is one of these registers.
  constexpr bool covers(uint32_t at) const {
    return at >= offset && at - offset <= stride * (count - 1) &&
           (count == 1 || (at - offset) % stride == 0);
  }
};

}  // namespace faultline::regs
