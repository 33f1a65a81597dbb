// SPDX-License-Identifier: MIT
// A replayable fault through the whole program: parked, reported, repaired, replayed.
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <sstream>

#include "tests/unit/device/fault_machine.hpp"

namespace faultline::device_test {
namespace {

constexpr unsigned kPagesOfJob = 4;

struct Replay : FaultMachine {
  using FaultMachine::FaultMachine;

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
};

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
