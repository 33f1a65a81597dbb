// SPDX-License-Identifier: MIT
// Address decode: identity, windows, and what is not there.
#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <thread>

#include "tests/unit/tlm/bench_device.hpp"

namespace faultline::tests {
namespace {

uint64_t read_bar1(BenchDevice& bench, uint64_t offset) {
  uint64_t value = 0;
  bench.device->bar1_read(offset, std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

TEST_CASE_METHOD(BenchDevice, "identity and capabilities") {
  CHECK(read(regs::faultline_id::kOffset) == 0x544C4146);
  CHECK(read(regs::faultline_version::kOffset) == 0x00010000);
  CHECK(read(regs::faultline_channels::kOffset) == (8 << 8 | 32));
  CHECK(read(regs::faultline_topology::kOffset) == (64 << 16 | 9 << 8 | 4));
  CHECK(read(regs::faultline_vram_size::kOffset) == kVramBytes >> 20);
  CHECK(regs::pmc_boot_0::architecture.decode(read(regs::pmc_boot_0::kOffset)) ==
        regs::Architecture::kGv100);
  write(regs::faultline_id::kOffset, 0);
  CHECK(read(regs::faultline_id::kOffset) == 0x544C4146);
}

TEST_CASE_METHOD(BenchDevice, "accesses without a register read 0 and are counted") {
  CHECK(read(0x000004) == 0);
  write(0x123450, 1);
  CHECK(read(regs::chan_inst_lo::offset(40)) == 0);         // one channel too far
  CHECK(read(regs::chan_clear_faulted::kOffset + 4) == 0);  // a hole inside a channel
  CHECK(read(regs::chan_doorbell::offset(40)) == 0);
  std::byte byte{0xff};
  device->bar0_read(regs::faultline_id::kOffset, std::span(&byte, 1));  // not a whole register
  CHECK(byte == std::byte{0});
  CHECK(read(regs::faultline_unmodelled::kOffset) == 6);
  device->reset(tlm::ResetKind::kFunction);
  CHECK(read(regs::faultline_unmodelled::kOffset) == 0);
}

class NoteKeeper : public mmu::Observer {
 public:
  void translated(const mmu::Request&, const mmu::Answer&) override {}
  void answered(uint64_t, const mmu::Answer&) override {}
  void withdrawn(uint64_t) override {}
  void register_written(uint32_t, uint32_t) override {}
  void register_read(uint32_t, uint32_t) override {}
  void noted(const mmu::Note& note) override { notes.push_back(note); }
  void was_reset() override { notes.clear(); }

  std::vector<mmu::Note> notes;
};

TEST_CASE_METHOD(BenchDevice, "a driver's note goes to who watches the MMU") {
  namespace note = regs::faultline_note;
  CHECK(read(regs::faultline_sanitizer::kOffset) == 0);
  write(note::kOffset, 0);   // nobody hears it
  static NoteKeeper keeper;  // outlives the device
  mmu().observe(keeper);
  CHECK(regs::faultline_sanitizer::notes.get(read(regs::faultline_sanitizer::kOffset)) == 1);
  write(regs::faultline_note_pdb_lo::kOffset, 0x12345fff);
  write(regs::faultline_note_pdb_hi::kOffset, 0x6);
  write(regs::faultline_note_address_lo::kOffset, 0x89abc000);
  write(regs::faultline_note_address_hi::kOffset, 0x1234);
  write(regs::faultline_note_pages::kOffset, 3);
  CHECK(keeper.notes.empty());
  write(note::kOffset, note::kind.set(note::pages_hi.set(0, 1), regs::NoteKind::kVidmem));
  REQUIRE(keeper.notes.size() == 1);
  const mmu::Note& said = keeper.notes[0];
  CHECK(said.kind == regs::NoteKind::kVidmem);
  CHECK(said.pdb == 0x6'1234'5000);
  CHECK(said.address == 0x1234'89ab'c000);
  CHECK(said.pages == 0x1'0000'0003);
  CHECK(read(regs::faultline_note_pages::kOffset) == 3);
  CHECK(read(regs::faultline_unmodelled::kOffset) == 0);
  device->reset(tlm::ResetKind::kFunction);
  CHECK(keeper.notes.empty());
  CHECK(read(regs::faultline_note_pages::kOffset) == 0);
}

TEST_CASE_METHOD(BenchDevice, "eight bytes are two registers") {
  uint64_t value = 0;
  device->bar0_read(regs::faultline_id::kOffset, std::as_writable_bytes(std::span(&value, 1)));
  CHECK(value == 0x00010000'544C4146);
}

TEST_CASE_METHOD(BenchDevice, "PRAMIN looks where BAR0_WINDOW says") {
  namespace r = regs::bar0_window;
  vram<uint32_t>(0x50010, 1)[0] = 0xabcd;
  write(r::kOffset, r::base.set(0, 5u));
  CHECK(read(r::kPraminOffset + 0x10) == 0xabcd);
  write(r::kPraminOffset + 0x14, 0x1234);
  CHECK(vram<uint32_t>(0x50014, 1)[0] == 0x1234);
  // System memory through the same window.
  write(r::kOffset, r::target.set(r::base.set(0, 0x20u), regs::PteAperture::kSysCoherent));
  write(r::kPraminOffset, 77);
  CHECK(system<uint32_t>(0x200000, 1)[0] == 77);
  // Beyond VRAM's end.
  write(r::kOffset, r::base.set(0, static_cast<uint32_t>(kVramBytes >> 16)));
  CHECK(read(r::kPraminOffset) == 0xffffffff);
  CHECK(read(regs::faultline_unmodelled::kOffset) == 0);
}

TEST_CASE_METHOD(BenchDevice, "BAR1 is video memory") {
  vram<uint64_t>(0x3000, 1)[0] = 0x1122334455667788;
  CHECK(read_bar1(*this, 0x3000) == 0x1122334455667788);
  const uint32_t value = 5;
  device->bar1_write(0x3004, std::as_bytes(std::span(&value, 1)));
  CHECK(vram<uint64_t>(0x3000, 1)[0] == 0x0000000555667788);
  CHECK(read_bar1(*this, kVramBytes - 4) == 0xffffffff00000000);  // only what exists answers
  CHECK(read_bar1(*this, kVramBytes) == 0xffffffffffffffff);
}

TEST_CASE_METHOD(BenchDevice, "video memory outlives a function reset, not a power cycle") {
  vram<uint64_t>(0x3000, 1)[0] = 1;
  device->reset(tlm::ResetKind::kFunction);
  CHECK(vram<uint64_t>(0x3000, 1)[0] == 1);
  device->reset(tlm::ResetKind::kPower);
  CHECK(vram<uint64_t>(0x3000, 1)[0] == 0);
}

struct TimedDevice : BenchDevice {
  uint64_t now() {
    return uint64_t{read(regs::ptimer_time_1::kOffset)} << 32 | read(regs::ptimer_time_0::kOffset);
  }
  static constexpr uint64_t kStepNs = 32;
};

TEST_CASE_METHOD(TimedDevice, "device time goes on while the model sleeps") {
  const uint64_t before = now();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const uint64_t after = now();
  CHECK(after - before >= 20'000'000 - kStepNs);
  CHECK(after % kStepNs == 0);
}

TEST_CASE_METHOD(TimedDevice, "device time keeps up with the host while the model works") {
  enable(32, false);
  queue(32, {.opcode = regs::Opcode::kFill,
             .dst_mode = regs::AddressMode::kVidmem,
             .count = kVramBytes / 8});
  ring(32);
  const uint64_t before = now();
  while (device->is_busy()) {
    device->run(std::chrono::microseconds(1));
    if (!device->is_busy()) break;
    const uint64_t pause = now();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    CHECK(now() - pause >= 1'000'000 - kStepNs);
  }
  CHECK(now() > before);
}

}  // namespace
}  // namespace faultline::tests
