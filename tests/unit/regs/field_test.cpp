// SPDX-License-Identifier: MIT
// Fields as constexpr objects: get, set, masks, enums, records, arrays.
#include <array>
#include <catch2/catch_test_macros.hpp>

#include "regs/bits.hpp"

namespace {

using faultline::regs::Field;
using faultline::regs::RecordField;
using faultline::regs::RecordFieldArray;
using faultline::regs::RegisterInfo;

enum class Colour : uint8_t { kRed = 0, kGreen = 2 };
enum class Shape : uint8_t { kRound = 1 };

constexpr Field<uint32_t, 4, 3> kMiddle{};
constexpr Field<uint32_t, 0, 32> kWhole{};
constexpr Field<uint64_t, 63, 1> kTop{};
constexpr Field<uint32_t, 8, 2, Colour> kColour{};

/// Whether setting `value` is a constant expression.
template <uint32_t value>
concept FitsMiddle =
    requires { typename std::integral_constant<uint32_t, kMiddle.set(0u, value)>; };

template <typename F, typename V>
concept Settable = requires(F field, V value) { field.set(0u, value); };

}  // namespace

TEST_CASE("a field knows its place") {
  STATIC_CHECK(kMiddle.mask() == 0x70);
  STATIC_CHECK(kMiddle.kLo == 4);
  STATIC_CHECK(kMiddle.kWidth == 3);
  STATIC_CHECK(kWhole.mask() == 0xFFFFFFFF);
  STATIC_CHECK(kTop.mask() == 0x8000000000000000);
}

TEST_CASE("set replaces the field and nothing else") {
  STATIC_CHECK(kMiddle.set(0xFFFFFFFFu, 0) == 0xFFFFFF8F);
  STATIC_CHECK(kMiddle.set(0u, 5) == 0x50);
  STATIC_CHECK(kMiddle.get(0xABCDEF5Fu) == 5);
  STATIC_CHECK(kWhole.set(0x12345678u, 0x9ABCDEF0) == 0x9ABCDEF0);
  STATIC_CHECK(kTop.get(kTop.set(uint64_t{0}, true)) == 1);
}

TEST_CASE("at run time a value is cut to the field's width") {
  volatile uint32_t too_wide = 0x1F;
  CHECK(kMiddle.set(0u, too_wide) == 0x70);
}

TEST_CASE("in a constant expression a value that does not fit is an error") {
  STATIC_CHECK(FitsMiddle<7>);
  STATIC_CHECK_FALSE(FitsMiddle<8>);
}

TEST_CASE("a field with names takes its own enum, or a number") {
  STATIC_CHECK(kColour.set(0u, Colour::kGreen) == 0x200);
  STATIC_CHECK(kColour.set(0u, 3) == 0x300);
  STATIC_CHECK(kColour.decode(0x200u) == Colour::kGreen);
  STATIC_CHECK(Settable<decltype(kColour), Colour>);
  STATIC_CHECK_FALSE(Settable<decltype(kColour), Shape>);
  STATIC_CHECK_FALSE(Settable<decltype(kMiddle), Colour>);
}

TEST_CASE("a record field finds its word") {
  constexpr RecordField<uint64_t, 2, 8, 4, Colour> field{};
  std::array<uint64_t, 3> record = {~uint64_t{0}, ~uint64_t{0}, ~uint64_t{0}};
  field.set(record, Colour::kGreen);
  CHECK(record == std::array{~uint64_t{0}, ~uint64_t{0}, 0xFFFFFFFFFFFFF2FF});
  CHECK(field.get(record) == 2);
  CHECK(field.decode(record) == Colour::kGreen);
  STATIC_CHECK(field.word == 2);
  STATIC_CHECK(field.get(uint64_t{0x300}) == 3);
}

TEST_CASE("an array of single bits runs over words") {
  constexpr RecordFieldArray<uint32_t, 1, 0, 1, 64, 1> bits{};
  std::array<uint32_t, 3> record{};
  bits.set(record, 0, 1);
  bits.set(record, 31, 1);
  bits.set(record, 32, 1);
  CHECK(record == std::array{0x0u, 0x80000001u, 0x1u});
  CHECK(bits.get(record, 31) == 1);
  CHECK(bits.get(record, 33) == 0);
  STATIC_CHECK(bits.kCount == 64);
}

TEST_CASE("an array with a stride of words stays in its column") {
  constexpr RecordFieldArray<uint32_t, 1, 12, 20, 3, 64> field{};
  STATIC_CHECK(field.word(2) == 5);
  STATIC_CHECK(field.mask(2) == 0xFFFFF000);
  std::array<uint32_t, 6> record{};
  field.set(record, 2, 0xABCDE);
  CHECK(record == std::array{0x0u, 0x0u, 0x0u, 0x0u, 0x0u, 0xABCDE000u});
  CHECK(field.get(record, 2) == 0xABCDE);
}

TEST_CASE("a register covers its elements, not the gaps") {
  constexpr RegisterInfo single{.name = "a", .offset = 0x10, .stride = 0, .count = 1};
  constexpr RegisterInfo array{.name = "b", .offset = 0x20, .stride = 20, .count = 2};
  STATIC_CHECK(single.covers(0x10));
  STATIC_CHECK_FALSE(single.covers(0x14));
  STATIC_CHECK_FALSE(single.covers(0xC));
  STATIC_CHECK(array.covers(0x20));
  STATIC_CHECK(array.covers(0x34));
  STATIC_CHECK_FALSE(array.covers(0x24));
  STATIC_CHECK_FALSE(array.covers(0x48));
}
