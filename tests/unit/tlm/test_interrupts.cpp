// SPDX-License-Identifier: MIT
// The interrupt tree: edges become messages, levels stay readable.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/tlm/bench_device.hpp"

namespace faultline::tests {
namespace {

using regs::Opcode;

constexpr JobFields kInterrupting{.opcode = Opcode::kNop, .intr = true};
constexpr uint32_t kPfifo = regs::pmc_intr::pfifo.mask();
constexpr uint32_t kHub = regs::pmc_intr::hub.mask();

struct Interrupts : BenchDevice {
  void enable_units(uint32_t units) { write(regs::pmc_intr_en_set::offset(0), units); }
  void disable_units(uint32_t units) { write(regs::pmc_intr_en_clear::offset(0), units); }
  void clear_channel(unsigned channel) {
    write(regs::chan_intr::offset(channel / 32), 1u << (channel % 32));
  }
  void hub(uint32_t pending, uint32_t rose) { mmu().interrupt->hub_interrupt(pending, rose); }
};

TEST_CASE_METHOD(Interrupts, "each channel's rise is one message") {
  enable_units(kPfifo);
  enable(3);
  enable(33);
  do_job(3, kInterrupting);
  CHECK(sink.messages == 1);
  do_job(3, kInterrupting);  // still pending: no rise
  CHECK(sink.messages == 1);
  do_job(33, kInterrupting);
  CHECK(sink.messages == 2);
  CHECK(read(regs::chan_intr::offset(0)) == 1u << 3);
  CHECK(read(regs::chan_intr::offset(1)) == 1u << 1);
  CHECK(read(regs::pmc_intr::offset(0)) == kPfifo);
  clear_channel(3);
  CHECK(read(regs::pmc_intr::offset(0)) == kPfifo);
  do_job(3, kInterrupting);
  CHECK(sink.messages == 3);
  clear_channel(3);
  clear_channel(33);
  CHECK(read(regs::pmc_intr::offset(0)) == 0);
}

TEST_CASE_METHOD(Interrupts, "a job that does not ask for one raises none") {
  enable_units(kPfifo);
  enable(3);
  do_job(3, {.opcode = Opcode::kNop});
  CHECK(sink.messages == 0);
  CHECK(read(regs::chan_intr::offset(0)) == 0);
}

TEST_CASE_METHOD(Interrupts, "masked sources wait for their enable bit") {
  enable(3);
  do_job(3, kInterrupting);
  hub(1u << 27, 1u << 27);
  CHECK(sink.messages == 0);
  CHECK(read(regs::pmc_intr::offset(0)) == (kPfifo | kHub));
  enable_units(kHub);
  CHECK(sink.messages == 1);
  enable_units(kPfifo);
  CHECK(sink.messages == 2);
  enable_units(kPfifo);  // again: a handler that unmasks never loses an event
  CHECK(sink.messages == 3);
  disable_units(kPfifo | kHub);
  CHECK(read(regs::pmc_intr_en::offset(0)) == 0);
  hub(1u << 31 | 1u << 27, 1u << 31);
  CHECK(sink.messages == 3);
}

TEST_CASE_METHOD(Interrupts, "the hub's bits rise one by one") {
  enable_units(kHub);
  hub(1u << 27, 1u << 27);
  CHECK(sink.messages == 1);
  hub(1u << 27, 0);
  CHECK(sink.messages == 1);
  hub(1u << 27 | 1u << 29, 1u << 29);
  CHECK(sink.messages == 2);
  hub(0, 0);
  CHECK(read(regs::pmc_intr::offset(0)) == 0);
  CHECK(sink.messages == 2);
}

TEST_CASE_METHOD(Interrupts, "only what is wired can be enabled") {
  enable_units(0xffffffff);
  CHECK(read(regs::pmc_intr_en::offset(0)) == (kPfifo | kHub));
  write(regs::pmc_intr_en_set::offset(2), 0xffffffff);
  CHECK(read(regs::pmc_intr_en::offset(2)) == 0);
  CHECK(read(regs::pmc_intr::offset(3)) == 0);
  CHECK(read(regs::faultline_unmodelled::kOffset) == 0);
}

TEST_CASE_METHOD(Interrupts, "a reset clears and masks all") {
  enable_units(kPfifo);
  enable(3);
  do_job(3, kInterrupting);
  device->reset(tlm::ResetKind::kFunction);
  CHECK(read(regs::pmc_intr_en::offset(0)) == 0);
  CHECK(read(regs::pmc_intr::offset(0)) == 0);
}

}  // namespace
}  // namespace faultline::tests
