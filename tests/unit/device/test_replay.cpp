// SPDX-License-Identifier: MIT
// A replayable fault through the whole program: parked, reported, repaired, replayed.
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <sstream>

#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"
#include "tests/unit/device/machine.hpp"

namespace faultline::device_test {
namespace {

constexpr unsigned kChannel = 5;
constexpr uint64_t kVa = 0x7f0000000000;
constexpr uint64_t kPage = 4096;
constexpr uint64_t kInstance = 8 << 20;
constexpr uint64_t kTables = 9 << 20;
constexpr uint64_t kFaultBuffer = 12 << 20;
constexpr uint64_t kData = 16 << 20;
constexpr uint32_t kPackets = 64;
constexpr unsigned kPagesOfJob = 4;
constexpr auto kReplayable = static_cast<uint32_t>(regs::FaultBuffer::kReplayable);

using Packet = std::array<uint32_t, regs::fault_packet::kWords>;

struct Replay : Machine {
  Replay(const std::vector<std::string>& options = {}) : Machine(options) {
    block.set_main(builder::space_of(tables.root()));
    block.set_subcontext(0, builder::space_of(tables.root()));
    namespace lo = regs::mmu_fault_buffer_lo;
    uint32_t word = static_cast<uint32_t>(kFaultBuffer);
    word = lo::addr_mode.set(word, regs::FaultBufferAddrMode::kPhysical);
    word = lo::phys_aperture.set(word, regs::PteAperture::kSysCoherent);
    write(lo::offset(kReplayable), word);
    write(regs::mmu_fault_buffer_hi::offset(kReplayable), 0);
    namespace size = regs::mmu_fault_buffer_size;
    write(size::offset(kReplayable), size::enable.set(size::val.set(0, kPackets), 1u));
    write(regs::niso_intr_en_set::kOffset, regs::niso_intr::mmu_replayable_fault_notify.mask());
    write(regs::pmc_intr_en_set::offset(0), regs::pmc_intr::hub.mask());
    enable(kChannel, block.pointer());
  }

  void map(uint64_t page) {
    tables.map(kVa + page * kPage, builder::Level::kPte4k,
               {.address = kData + page * kPage, .aperture = regs::PteAperture::kSysCoherent});
  }

  void submit_fill() {
    namespace f = regs::job;
    JobWords job{};
    const std::span<uint64_t> record(job);
    f::opcode.set(record, regs::Opcode::kFill);
    f::data_size.set(record, 3u);
    f::dst.set(record, kVa);
    f::count.set(record, kPagesOfJob * kPage / 8);
    f::operand.set(record, uint64_t{0xabcd});
    submit(kChannel, job);
  }

  uint32_t packets_written() {
    namespace put = regs::mmu_fault_buffer_put;
    return put::ptr.get(read(put::offset(kReplayable)));
  }
  Packet packet(uint32_t index) {
    return ram.at<Packet>(kFaultBuffer + index * sizeof(Packet), 1)[0];
  }

  void invalidate(regs::ReplayOp op) {
    namespace r = regs::mmu_invalidate;
    uint32_t word = r::all_va.mask() | r::all_pdb.mask();
    word = r::replay.set(word, op);
    write(r::kOffset, r::trigger.set(word, 1u));
  }

  builder::PageTables tables{ram,
                             builder::BumpAllocator(kTables, {regs::PdeAperture::kSysCoherent})};
  builder::InstanceBlock block{ram,
                               {.address = kInstance, .aperture = mmu::Aperture::kSysCoherent}};
};

regs::CompletionStatus status_of(const CompletionWords& completion) {
  return regs::completion::status.decode(std::span<const uint64_t>(completion));
}

TEST_CASE_METHOD(Replay, "A job's missing pages fault at once and are replayed when mapped") {
  namespace f = regs::fault_packet;
  map(0);
  submit_fill();
  REQUIRE(eventually([&] { return packets_written() == kPagesOfJob - 1; }));
  CHECK(protocol_test::events(interrupt) >= 1);
  CHECK_FALSE(completed(kChannel));
  for (uint32_t i = 0; i < kPagesOfJob - 1; ++i) {
    const Packet words = packet(i);
    const std::span<const uint32_t> record(words);
    CHECK(f::valid.get(record) == 1);
    CHECK(f::replayable_fault.get(record) == 1);
    CHECK(f::gpc_id.get(record) == kChannel % 4);
    CHECK(f::access_type.decode(record) == regs::AccessType::kWrite);
    const uint64_t va = uint64_t{f::addr_hi.get(record)} << 32 | uint64_t{f::addr_lo.get(record)}
                                                                     << f::addr_lo.kLo;
    CHECK(va == kVa + (i + 1) * kPage);
  }

  for (unsigned page = 1; page < kPagesOfJob; ++page) map(page);
  invalidate(regs::ReplayOp::kStart);
  const CompletionWords completion = wait_for_completion(kChannel);
  CHECK(status_of(completion) == regs::CompletionStatus::kOk);
  CHECK(ram.at<uint64_t>(kData + kPagesOfJob * kPage - 8, 1)[0] == 0xabcd);
}

TEST_CASE_METHOD(Replay, "A cancelled access ends its job with the fault") {
  submit_fill();
  REQUIRE(eventually([&] { return packets_written() == kPagesOfJob; }));
  invalidate(regs::ReplayOp::kCancelGlobal);
  const CompletionWords completion = wait_for_completion(kChannel);
  const std::span<const uint64_t> record(completion);
  CHECK(status_of(completion) == regs::CompletionStatus::kFault);
  CHECK(regs::completion::fault_address.get(record) == kVa);
  CHECK(regs::completion::done.get(record) == 0);
}

TEST_CASE_METHOD(Replay, "A disabled channel withdraws what is parked") {
  submit_fill();
  REQUIRE(eventually([&] { return packets_written() == kPagesOfJob; }));
  write(regs::chan_ctrl::offset(kChannel), 0);
  CHECK(status_of(wait_for_completion(kChannel)) == regs::CompletionStatus::kAborted);
  namespace r = regs::chan_status;
  CHECK(r::state.decode(read(r::offset(kChannel))) == regs::ChanState::kDisabled);
  // Nobody is left to fault again.
  invalidate(regs::ReplayOp::kStart);
  CHECK(packets_written() == kPagesOfJob);
}

/// A base, so that the folder is there before the program starts.
struct TraceFolder {
  protocol_test::TemporaryDirectory folder;
};

struct TracedReplay : TraceFolder, Replay {
  TracedReplay() : Replay({"--trace", folder.file("trace")}) {}
  std::string trace() const {
    std::ifstream file(folder.file("trace"));
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
};

TEST_CASE_METHOD(TracedReplay, "The trace tells one fault from access to end") {
  for (unsigned page = 1; page < kPagesOfJob; ++page) map(page);
  submit_fill();
  REQUIRE(eventually([&] { return packets_written() == 1; }));
  map(0);
  invalidate(regs::ReplayOp::kStart);
  REQUIRE(status_of(wait_for_completion(kChannel)) == regs::CompletionStatus::kOk);
  REQUIRE(eventually([&] { return trace().find("\"job_end\"") != std::string::npos; }));
  const std::string trace = this->trace();
  size_t at = 0;
  for (const char* event : {"job_start", "access", "miss", "walk", "packet", "interrupt", "replay",
                            "replayed", "answered", "job_end"}) {
    at = trace.find(std::string("\"event\": \"") + event + "\"", at);
    INFO(event);
    REQUIRE(at != std::string::npos);
  }
}

}  // namespace
}  // namespace faultline::device_test
