// SPDX-License-Identifier: MIT
// Access counters: what counts, when they notify, what clears them.
#include <catch2/catch_test_macros.hpp>

#include "systemc_models/tlm/counter_table.hpp"
#include "tests/unit/tlm/bench_device.hpp"

namespace faultline::tests {
namespace {

using regs::Opcode;
namespace config = regs::access_counter_config;
namespace lo = regs::access_counter_notify_buffer_lo;
namespace get = regs::access_counter_notify_buffer_get;
namespace put = regs::access_counter_notify_buffer_put;
namespace info = regs::access_counter_notify_buffer_info;
namespace entry = regs::access_counter_notification;
namespace niso = regs::niso_intr;

constexpr uint64_t kVa = 0x7f00'1020'0000;
constexpr uint64_t kPa = 0x200000;
constexpr uint64_t kPage = 4096;
constexpr uint64_t kBuffer = 0x300000;
constexpr uint32_t kEntries = 4;
constexpr uint32_t kThreshold = 8;

struct Counters : BenchDevice {
  Counters() {
    for (const uint32_t offset : {niso::kOffset, regs::niso_intr_en::kOffset,
                                  regs::niso_intr_en_set::kOffset, regs::niso_intr_en_clr::kOffset})
      mmu().add_register(offset, 0);
    enable(0);
    map_system(kVa, kPa, 64);
  }

  void start(regs::AccessCounterGranularity granularity = regs::AccessCounterGranularity::kSize2m,
             regs::AccessCounterUseLimit limit = regs::AccessCounterUseLimit::kFull) {
    uint32_t word = config::threshold.set(0, kThreshold);
    word = config::mimc_granularity.set(word, granularity);
    write(config::kOffset, config::mimc_use_limit.set(word, limit));
    write(regs::access_counter_notify_buffer_size::kOffset, kEntries);
    write(lo::kOffset, static_cast<uint32_t>(kBuffer) | lo::en.mask());
  }
  /// One access to each of so many pages.
  void access(unsigned pages, uint64_t va = kVa, Opcode opcode = Opcode::kFill) {
    do_job(0, {.opcode = opcode, .dst = va, .src = va, .count = pages * kPage / 8});
  }
  std::span<const uint32_t> notification(unsigned i) {
    return system<uint32_t>(kBuffer + i * entry::kBytes, entry::kWords);
  }
  uint32_t pointer() { return read(put::kOffset); }
  void clear(regs::AccessCounterClearType type, uint32_t tag = 0) {
    namespace by_method = regs::faultline_access_counter_clear;
    write(by_method::kOffset, by_method::clear_type.set(by_method::tag.set(0, tag), type));
  }
};

TEST_CASE_METHOD(Counters, "a counter that reaches the threshold notifies once") {
  start();
  access(kThreshold - 1);
  CHECK(pointer() == 0);
  access(1);
  REQUIRE(pointer() == 1);
  const auto words = notification(0);
  CHECK(entry::valid.get(words) == 1);
  CHECK(entry::counter_type.decode(words) == regs::AccessCounterType::kMimc);
  CHECK(entry::addr_type.decode(words) == regs::AccessCounterAddressType::kGva);
  CHECK(entry::aperture.decode(words) == regs::PteAperture::kSysCoherent);
  CHECK(entry::counter.get(words) == kThreshold);
  CHECK((uint64_t{entry::addr_hi.get(words)} << 32 | entry::addr_lo.get(words)) == kVa);
  access(40);
  CHECK(pointer() == 1);
}

TEST_CASE_METHOD(Counters, "the notification names the address space and the engine") {
  start();
  access(kThreshold);
  const mmu::Requester& who = mmu().requests.back().requester;
  const auto words = notification(0);
  CHECK((uint64_t{entry::inst_hi.get(words)} << 32 | uint64_t{entry::inst_lo.get(words)} << 12) ==
        who.instance.address);
  CHECK(std::to_underlying(entry::inst_aperture.decode(words)) ==
        std::to_underlying(who.instance.aperture));
  CHECK(std::to_underlying(entry::engine_id.decode(words)) == who.engine_id);
}

TEST_CASE_METHOD(Counters, "sub-granularity says which 32nds of the region were accessed") {
  start();
  access(1);
  access(kThreshold, kVa + 32 * kPage);
  CHECK(entry::sub_granularity.get(notification(0)) == 0b101);
  write(config::kOffset, 0);
  write(lo::kOffset, 0);
  start(regs::AccessCounterGranularity::kSize64k);
  access(kThreshold, kVa + 16 * kPage);
  CHECK(entry::sub_granularity.get(notification(0)) == 0);
  CHECK(entry::addr_lo.get(notification(0)) == static_cast<uint32_t>(kVa + 16 * kPage));
}

TEST_CASE_METHOD(Counters, "each region has a counter of its own") {
  start(regs::AccessCounterGranularity::kSize64k);
  access(kThreshold - 1);
  access(kThreshold - 1, kVa + 16 * kPage);
  CHECK(pointer() == 0);
  access(1, kVa + 16 * kPage);
  access(1);
  REQUIRE(pointer() == 2);
  CHECK(entry::notify_tag.get(notification(0)) != entry::notify_tag.get(notification(1)));
}

TEST_CASE_METHOD(Counters, "a parked access counts when it is answered") {
  start();
  for (unsigned i = 0; i < kThreshold; ++i) mmu().unmap(kVa + i * kPage);
  queue(0, {.opcode = Opcode::kFill, .dst = kVa, .count = kThreshold * kPage / 8});
  ring(0);
  run();
  CHECK(pointer() == 0);
  map_system(kVa, kPa, kThreshold);
  mmu().replay();
  run();
  CHECK(pointer() == 1);
}

TEST_CASE_METHOD(Counters, "video memory, prefetches and what faults do not count") {
  start();
  for (unsigned i = 0; i < 16; ++i)
    mmu().map(kVa + (64 + i) * kPage, mmu::Aperture::kVidmem, i * kPage);
  access(16, kVa + 64 * kPage);
  do_job(0, {.opcode = Opcode::kPrefetch, .dst = kVa, .count = 16});
  mmu().set_miss(mmu::Outcome::kCancelled);
  mmu().unmap(kVa + kPage);
  for (unsigned i = 0; i < kThreshold; ++i) {
    access(1, kVa + kPage);
  }
  CHECK(pointer() == 0);
  map_system(kVa, kPa, kThreshold);
  access(kThreshold - 1);
  CHECK(pointer() == 0);
  access(1);
  CHECK(pointer() == 1);
}

TEST_CASE_METHOD(Counters, "nothing is counted without a threshold, a limit, or a buffer") {
  access(2 * kThreshold);
  start(regs::AccessCounterGranularity::kSize2m, regs::AccessCounterUseLimit::kNone);
  access(2 * kThreshold);
  CHECK(pointer() == 0);
  start();
  write(config::kOffset, config::mimc_use_limit.set(0, regs::AccessCounterUseLimit::kFull));
  access(2 * kThreshold);
  CHECK(pointer() == 0);
}

TEST_CASE_METHOD(Counters, "a cleared counter counts from the beginning and notifies again") {
  start();
  access(kThreshold);
  REQUIRE(pointer() == 1);
  const uint32_t tag = entry::notify_tag.get(notification(0));
  clear(regs::AccessCounterClearType::kTargeted, tag + 1);
  clear(regs::AccessCounterClearType::kMomc);
  access(kThreshold);
  CHECK(pointer() == 1);
  clear(regs::AccessCounterClearType::kTargeted, tag);
  access(kThreshold - 1);
  CHECK(pointer() == 1);
  access(1);
  CHECK(pointer() == 2);
  CHECK(entry::counter.get(notification(1)) == kThreshold);
  write(regs::access_counter_clr::kOffset, regs::access_counter_clr::mimc.mask());
  access(kThreshold);
  CHECK(pointer() == 3);
}

TEST_CASE_METHOD(Counters, "a full buffer takes a notification when it has room, and not before") {
  start(regs::AccessCounterGranularity::kSize64k);
  for (unsigned i = 0; i < kEntries; ++i) access(kThreshold, kVa + i * 16 * kPage);
  CHECK(pointer() == kEntries - 1);
  CHECK(info::full.get(read(info::kOffset)) == 1);
  CHECK(niso::hub_access_counter_error.get(read(niso::kOffset)) == 1);
  write(get::kOffset, 1);
  CHECK(info::full.get(read(info::kOffset)) == 0);
  access(1, kVa + (kEntries - 1) * 16 * kPage);
  CHECK(pointer() == 0);
  CHECK(entry::counter.get(notification(kEntries - 1)) == kThreshold + 1);
}

TEST_CASE_METHOD(Counters, "where no memory answers, WRITE_NACK says so until it is cleared") {
  start();
  write(regs::access_counter_notify_buffer_hi::kOffset, 0x10);
  access(kThreshold);
  CHECK(pointer() == 0);
  CHECK(info::write_nack.get(read(info::kOffset)) == 1);
  write(regs::access_counter_clr::kOffset, regs::access_counter_clr::write_nack.mask());
  CHECK(info::write_nack.get(read(info::kOffset)) == 0);
  CHECK(info::pushed.get(read(info::kOffset)) == 1);
}

TEST_CASE_METHOD(Counters, "a notification interrupts when its source is enabled") {
  constexpr uint32_t kNotify = niso::hub_access_counter_notify.mask();
  write(regs::pmc_intr_en_set::offset(0), regs::pmc_intr::hub.mask());
  start(regs::AccessCounterGranularity::kSize64k);
  access(kThreshold);
  CHECK(read(niso::kOffset) == kNotify);
  CHECK(sink.messages == 0);
  // Pending when it is enabled; and again, since it still is.
  write(regs::niso_intr_en_set::offset(0), kNotify);
  CHECK(sink.messages == 1);
  CHECK(read(regs::niso_intr_en::offset(0)) == kNotify);
  write(regs::niso_intr_en_set::offset(0), kNotify);
  CHECK(sink.messages == 2);
  // It is a level: another notification is no other message.
  access(kThreshold, kVa + 16 * kPage);
  CHECK(sink.messages == 2);
  CHECK(regs::pmc_intr::hub.get(read(regs::pmc_intr::offset(0))) == 1);
  write(get::kOffset, pointer());
  CHECK(regs::pmc_intr::hub.get(read(regs::pmc_intr::offset(0))) == 0);
  access(kThreshold, kVa + 32 * kPage);
  CHECK(sink.messages == 3);
  write(regs::niso_intr_en_clr::offset(0), kNotify);
  CHECK(regs::pmc_intr::hub.get(read(regs::pmc_intr::offset(0))) == 0);
}

TEST_CASE_METHOD(Counters, "the MMU's sources stay the MMU's") {
  write(regs::pmc_intr_en_set::offset(0), regs::pmc_intr::hub.mask());
  mmu().add_register(niso::kOffset, niso::mmu_other_fault_notify.mask());
  CHECK(read(niso::kOffset) == niso::mmu_other_fault_notify.mask());
  write(regs::niso_intr_en_set::offset(0), ~uint32_t{0});
  CHECK(mmu().get_register(regs::niso_intr_en_set::kOffset) == ~uint32_t{0});
  mmu().interrupt->hub_interrupt(niso::mmu_other_fault_notify.mask(),
                                 niso::mmu_other_fault_notify.mask());
  CHECK(sink.messages == 1);
  start();
  access(kThreshold);
  CHECK(sink.messages == 2);
  write(get::kOffset, pointer());
  CHECK(regs::pmc_intr::hub.get(read(regs::pmc_intr::offset(0))) == 1);
}

TEST_CASE_METHOD(Counters, "a reset forgets it all") {
  start();
  access(kThreshold - 1);
  device->reset(tlm::ResetKind::kFunction);
  for (const uint32_t offset : {config::kOffset, lo::kOffset, get::kOffset, put::kOffset})
    CHECK(read(offset) == 0);
  enable(0);
  start();
  access(kThreshold - 1);
  CHECK(pointer() == 0);
}

TEST_CASE("a full table of counters gives up the one that has not counted for longest") {
  tlm::CounterTable table;
  const auto region = [](uint64_t number) { return tlm::CountedRegion{.number = number}; };
  CHECK(table.touch(region(1)) == nullptr);
  table.set_limit(4);
  for (uint64_t i = 0; i < 4; ++i) table.touch(region(i))->value = 7;
  table.touch(region(0));
  const uint32_t tag = table.tag_of(*table.touch(region(1)));
  CHECK(table.touch(region(4))->value == 0);  // instead of 2
  CHECK(table.touch(region(0))->value == 7);
  CHECK(table.touch(region(3))->value == 7);
  CHECK(table.touch(region(2))->value == 0);  // instead of 1
  CHECK(table.tag_of(*table.touch(region(2))) == tag);
  // Address spaces have counters of their own.
  CHECK(table.touch({.instance = {.address = 0x1000}, .number = 3})->value == 0);
}

}  // namespace
}  // namespace faultline::tests
