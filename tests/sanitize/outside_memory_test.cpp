// SPDX-License-Identifier: MIT
// Entries that lead to where no memory answers.
#include <catch2/catch_test_macros.hpp>

#include "tests/sanitize/watched.hpp"

namespace faultline::sanitize::test {

namespace {

constexpr uint64_t kEnd = uint64_t{1} << 36;
const std::vector<Kind> kOutside{Kind::kOutsideMemory};

}  // namespace

TEST_CASE("the last page of memory is in it, the next is not") {
  Watched watched;
  watched.map(kVa, {.address = kEnd - kPage});
  watched.use(kVa);
  CHECK(watched.mistakes.empty());
  watched.map(kVa + kPage, {.address = kEnd});
  watched.use(kVa + kPage);
  watched.use(kVa + kPage);
  CHECK(watched.kinds() == kOutside);
}

TEST_CASE("a large page that is only begun in memory is reported") {
  Watched watched;
  constexpr uint64_t kLarge = uint64_t{1} << 21;
  watched.bench.memory.end_at(mmu::Aperture::kVidmem, kEnd - kLarge + kPage);
  watched.bench.tables.map(kVa, Level::kPde0, {.address = kEnd - kLarge});
  watched.use(kVa);
  CHECK(watched.kinds() == kOutside);
}

TEST_CASE("a directory outside memory is reported when a walk meets it") {
  Watched watched;
  watched.bench.enable_buffer(kBuffer);
  watched.map(kVa, {.address = kFrame});
  watched.bench.tables.write(
      kVa, Level::kPde1,
      builder::pde_of({.address = kEnd, .aperture = regs::PdeAperture::kVidmem}));
  watched.use(kVa);
  CHECK(watched.kinds() == kOutside);
}

TEST_CASE("a directory outside memory is reported when a replay meets it") {
  Watched watched;
  watched.bench.enable_buffer(kBuffer);
  watched.park(kVa, 7);
  watched.bench.tables.write(
      kVa, Level::kPde2,
      builder::pde_of({.address = kEnd, .aperture = regs::PdeAperture::kVidmem}));
  watched.replay();
  watched.replay();
  CHECK(watched.kinds() == kOutside);
}

TEST_CASE("an entry that is not there is a fault, not a mistake") {
  Watched watched;
  watched.bench.enable_buffer(kBuffer);
  watched.use(kVa);
  CHECK(watched.mistakes.empty());
}

}  // namespace faultline::sanitize::test
