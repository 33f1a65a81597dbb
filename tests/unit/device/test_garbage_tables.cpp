// SPDX-License-Identifier: MIT
// A guest that programs nonsense gets the fault that the manual names, and a device that goes on.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <random>

#include "tests/unit/device/fault_machine.hpp"

namespace faultline::device_test {
namespace {

using builder::Level;
using builder::TablePointer;
using regs::CompletionStatus;
using regs::FaultType;
using regs::PdeAperture;
using regs::PteAperture;

constexpr uint64_t kVramBytes = 64 << 20;
constexpr uint64_t kOutsideRam = uint64_t{1} << 40;
static_assert(kOutsideRam >= Ram::kBytes);

struct Garbage : FaultMachine {
  Garbage() : FaultMachine({"--vram", "64M"}) {}

  /// Reads only, so that it can do no harm wherever it may be led.
  void submit_read(uint64_t va = kVa) {
    namespace f = regs::job;
    JobWords job{};
    const std::span<uint64_t> record(job);
    f::opcode.set(record, regs::Opcode::kReduce);
    f::data_size.set(record, 3u);
    f::src.set(record, va);
    f::count.set(record, uint64_t{1});
    submit(kChannel, job);
  }

  /// The fault that a read of kVa is parked with, and that it is cancelled with.
  FaultType fault_of_read() {
    const uint32_t index = packets_written();
    submit_read();
    REQUIRE(eventually([&] { return packets_written() == index + 1; }));
    const Packet words = packet(index);
    const FaultType type = regs::fault_packet::fault_type.decode(std::span<const uint32_t>(words));
    CHECK(cancelled_with() == type);
    return type;
  }
  FaultType cancelled_with() {
    invalidate(regs::ReplayOp::kCancelGlobal);
    return faulted_with(wait_for_completion(kChannel));
  }
  FaultType faulted_with(const CompletionWords& completion) {
    CHECK(status_of(completion) == CompletionStatus::kFault);
    const std::span<const uint64_t> record(completion);
    return static_cast<FaultType>(regs::completion::fault_type.get(record));
  }

  void disable() { write(regs::chan_ctrl::offset(kChannel), 0); }

  /// With good tables again the same channel does its next job, and then the program sleeps.
  void check_recovery() {
    builder::PageTables good(ram, builder::BumpAllocator(kGoodTables, {kSystem}));
    good.map(kVa, Level::kPte4k, {.address = kData, .aperture = PteAperture::kSysCoherent});
    block.set_main(builder::space_of(good.root()));
    block.set_subcontext(0, builder::space_of(good.root()));
    set_fault_buffer(kFaultBuffer);
    disable();
    enable(kChannel, block.pointer());
    invalidate(regs::ReplayOp::kNone);
    ram.at<uint64_t>(kData, 1)[0] = 0x1234;
    submit_read();
    const CompletionWords completion = wait_for_completion(kChannel);
    CHECK(status_of(completion) == CompletionStatus::kOk);
    CHECK(regs::completion::result.get(std::span<const uint64_t>(completion)) == 0x1234);

    const auto before = program.cpu_time();
    usleep(100'000);
    CHECK(program.cpu_time() - before < std::chrono::milliseconds(1));
  }

  static constexpr auto kSystem = PdeAperture::kSysCoherent;
  static constexpr uint64_t kGoodTables = 10 << 20;
};

TEST_CASE_METHOD(Garbage, "Directories that point at themselves end in a fault") {
  const uint64_t entry = builder::pde_of(tables.root());
  std::ranges::fill(ram.at<uint64_t>(tables.root().address, kPage / sizeof entry), entry);
  CHECK(fault_of_read() == FaultType::kPte);  // a directory entry is no valid page entry
  check_recovery();
}

TEST_CASE_METHOD(Garbage, "A table where no memory is ends in a fault") {
  const auto nowhere = GENERATE(values<TablePointer>({{kOutsideRam, PdeAperture::kSysCoherent},
                                                      {Ram::kBytes, PdeAperture::kSysNonCoherent},
                                                      {kVramBytes, PdeAperture::kVidmem}}));
  SECTION("directories") {
    const Level level = GENERATE(Level::kPde3, Level::kPde2, Level::kPde1);
    tables.write(kVa, level, builder::pde_of(nowhere));
    CHECK(fault_of_read() == FaultType::kRegionViolation);
  }
  SECTION("tables of pages") {
    const bool big = GENERATE(false, true);
    tables.write_dual(
        kVa, builder::dual_pde_of(big ? nowhere : TablePointer{}, big ? TablePointer{} : nowhere));
    CHECK(fault_of_read() == FaultType::kRegionViolation);
  }
  SECTION("the root") {
    block.set_subcontext(0, builder::space_of(nowhere));
    CHECK(fault_of_read() == FaultType::kRegionViolation);
  }
  check_recovery();
}

TEST_CASE_METHOD(Garbage, "A page where no memory is ends the job with a DMA error") {
  const auto nowhere = GENERATE(
      values<builder::Page>({{.address = Ram::kBytes, .aperture = PteAperture::kSysCoherent},
                             {.address = kOutsideRam, .aperture = PteAperture::kSysCoherent},
                             {.address = kVramBytes, .aperture = PteAperture::kVidmem},
                             {.address = 0, .aperture = PteAperture::kPeer}}));
  tables.map(kVa, Level::kPte4k, nowhere);
  submit_read();
  const CompletionWords completion = wait_for_completion(kChannel);
  CHECK(status_of(completion) == CompletionStatus::kDmaError);
  CHECK(regs::completion::fault_address.get(std::span<const uint64_t>(completion)) == kVa);
  check_recovery();
}

TEST_CASE_METHOD(Garbage, "Address bits inside a large page are ignored") {
  const auto size = GENERATE(Level::kPte64k, Level::kPde0);
  static_assert(kData % (2 << 20) == 0);
  tables.map(kVa, size, {.address = kData + kPage, .aperture = PteAperture::kSysCoherent});
  ram.at<uint64_t>(kData, 1)[0] = 77;
  submit_read();
  const CompletionWords completion = wait_for_completion(kChannel);
  CHECK(status_of(completion) == CompletionStatus::kOk);
  CHECK(regs::completion::result.get(std::span<const uint64_t>(completion)) == 77);
}

TEST_CASE_METHOD(Garbage, "An instance block where no memory is ends the job with a fault") {
  const auto aperture = GENERATE(mmu::Aperture::kSysCoherent, mmu::Aperture::kVidmem);
  disable();
  enable(kChannel, mmu::InstancePointer{.address = kOutsideRam, .aperture = aperture});
  submit_read();
  CHECK(faulted_with(wait_for_completion(kChannel)) == FaultType::kUnboundInstBlock);
  check_recovery();
}

TEST_CASE_METHOD(Garbage, "A fault buffer where no memory is loses its packets only") {
  set_fault_buffer(kOutsideRam);
  submit_read();
  namespace r = regs::chan_status;
  REQUIRE(eventually(
      [&] { return r::state.decode(read(r::offset(kChannel))) == regs::ChanState::kRunning; }));
  CHECK(cancelled_with() == FaultType::kPde);
  check_recovery();
}

TEST_CASE_METHOD(Garbage, "A ring where no memory is stops its channel") {
  disable();
  write(regs::chan_ring_hi::offset(kChannel), kOutsideRam >> 32);
  write(regs::chan_ctrl::offset(kChannel), regs::chan_ctrl::enable.mask());
  write(regs::chan_doorbell::offset(kChannel), 1);
  namespace r = regs::chan_status;
  CHECK(eventually(
      [&] { return r::state.decode(read(r::offset(kChannel))) == regs::ChanState::kBadRing; }));
  check_recovery();
}

/// Words that are often near to what tables hold: an entry of any kind to any page of them.
class RandomTables {
 public:
  explicit RandomTables(unsigned seed) : random_(seed) {}

  uint64_t word() {
    const uint64_t page = FaultMachine::kTables + pick(kPages) * FaultMachine::kPage;
    switch (pick(5)) {
      case 0:
        return random_();
      case 1:
        return builder::pte_of({.address = page, .aperture = static_cast<PteAperture>(pick(4))});
      case 2:
        return builder::pde_of({page, static_cast<PdeAperture>(pick(4))});
      default:
        return builder::pde_of({page, PdeAperture::kSysCoherent});
    }
  }
  uint64_t va() { return (random_() >> pick(64)) & ~uint64_t{7}; }

  static constexpr uint64_t kPages = 16;

 private:
  uint64_t pick(uint64_t below) { return random_() % below; }

  std::mt19937_64 random_;
};

TEST_CASE_METHOD(Garbage, "Random tables never stop the device") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  RandomTables garbage(seed);
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    for (uint64_t& word : ram.at<uint64_t>(kTables, RandomTables::kPages * kPage / 8))
      word = garbage.word();
    submit_read(garbage.va());
    // A cancel that comes before the fault is lost.
    REQUIRE(eventually([&] {
      if (completed(kChannel)) return true;
      invalidate(regs::ReplayOp::kCancelGlobal);
      return completed(kChannel);
    }));
  }
  check_recovery();
}

}  // namespace
}  // namespace faultline::device_test
