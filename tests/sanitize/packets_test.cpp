// SPDX-License-Identifier: MIT
// Packets that the driver leaves behind.
#include <catch2/catch_test_macros.hpp>

#include "tests/sanitize/watched.hpp"

namespace faultline::sanitize::test {

namespace {

namespace get = regs::mmu_fault_buffer_get;
using mmu::test::kBufferBase;
using mmu::test::kBufferEntries;

constexpr auto kIndex = std::to_underlying(kBuffer);

class Driver : public Watched {
 public:
  Driver() {
    namespace lo = regs::mmu_fault_buffer_lo;
    namespace size = regs::mmu_fault_buffer_size;
    bench.enable_buffer(kBuffer);
    for (const uint32_t offset :
         {lo::offset(kIndex), regs::mmu_fault_buffer_hi::offset(kIndex), size::offset(kIndex)})
      set(offset, bench.get(offset));
  }
  void clear(uint32_t index) {
    using namespace regs::fault_packet;
    const uint64_t at = kBufferBase[kIndex] + uint64_t{index} * kBytes + valid.word * 4;
    bench.memory.write32(aperture(), at, 0);
  }
  void move_get(uint32_t to) { set(get::offset(kIndex), get::ptr.set(0, to)); }

 private:
  mmu::Aperture aperture() {
    namespace lo = regs::mmu_fault_buffer_lo;
    return static_cast<mmu::Aperture>(lo::phys_aperture.get(bench.get(lo::offset(kIndex))));
  }
};

}  // namespace

TEST_CASE("packets cleared before GET passes them are done with") {
  Driver driver;
  for (uint32_t round = 0; round < 3 * kBufferEntries; ++round) {
    driver.use(kVa + round * kPage);
    driver.clear(round % kBufferEntries);
    driver.move_get((round + 1) % kBufferEntries);
  }
  CHECK(driver.mistakes.empty());
}

TEST_CASE("each packet that GET passes with VALID set is reported") {
  Driver driver;
  for (uint32_t i = 0; i < 3; ++i) driver.use(kVa + i * kPage);
  driver.clear(1);
  driver.move_get(3);
  CHECK(driver.kinds() == std::vector{Kind::kPacketNotCleared, Kind::kPacketNotCleared});
}

TEST_CASE("packets that GET has not passed are none of its business") {
  Driver driver;
  driver.use(kVa);
  driver.use(kVa + kPage);
  driver.clear(0);
  driver.move_get(1);
  CHECK(driver.mistakes.empty());
}

}  // namespace faultline::sanitize::test
