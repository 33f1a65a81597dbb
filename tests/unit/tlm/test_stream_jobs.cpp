// SPDX-License-Identifier: MIT
// Each opcode of the stream engine, on mapped memory.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <numeric>

#include "systemc_models/tlm/elements.hpp"
#include "tests/unit/tlm/bench_device.hpp"

namespace faultline::tests {
namespace {

using enum regs::CompletionStatus;
using regs::AluOp;
using regs::Opcode;

constexpr unsigned kChannel = 5;
// Virtual pages are mapped in reverse order, so that nothing works by luck of contiguity.
constexpr uint64_t kSrcVa = 0x7f0000000000;
constexpr uint64_t kDstVa = 0x7f0000100000;
constexpr uint64_t kIndexVa = 0x7f0000200000;
constexpr uint64_t kSrc = 0x200000;
constexpr uint64_t kDst = 0x280000;
constexpr uint64_t kIndex = 0x300000;
constexpr unsigned kPages = 8;

struct Streams : BenchDevice {
  Streams() {
    for (unsigned i = 0; i < kPages; ++i) {
      map_system(kSrcVa + i * 4096, kSrc + (kPages - 1 - i) * 4096);
      map_system(kDstVa + i * 4096, kDst + (kPages - 1 - i) * 4096);
      map_system(kIndexVa + i * 4096, kIndex + (kPages - 1 - i) * 4096);
    }
    enable(kChannel);
  }

  /// The element that a virtual address of one of the three ranges leads to.
  template <typename T>
  T& at(uint64_t va) {
    const uint64_t offset = va % 0x100000;
    const uint64_t base = va >= kIndexVa ? kIndex : va >= kDstVa ? kDst : kSrc;
    return host.at<T>(base + (kPages - 1 - offset / 4096) * 4096 + offset % 4096);
  }
  template <typename T>
  T& src(uint64_t i) {
    return at<T>(kSrcVa + i * sizeof(T));
  }
  template <typename T>
  T& dst(uint64_t i) {
    return at<T>(kDstVa + i * sizeof(T));
  }
  uint64_t& index(uint64_t i) { return at<uint64_t>(kIndexVa + i * 8); }
};

TEST_CASE_METHOD(Streams, "nop completes") {
  const auto done = do_job(kChannel, {.opcode = Opcode::kNop, .id = 77});
  CHECK(done.valid);
  CHECK(done.status == kOk);
  CHECK(done.job_id == 77);
}

TEST_CASE_METHOD(Streams, "copy crosses pages at different offsets") {
  constexpr uint64_t kCount = 20000;
  for (uint64_t i = 0; i < 8 * 4096; ++i) src<uint8_t>(i) = static_cast<uint8_t>(i * 7 + i / 256);
  const auto done = do_job(kChannel, {.opcode = Opcode::kCopy,
                                      .size = 0,
                                      .dst = kDstVa + 4001,
                                      .src = kSrcVa + 123,
                                      .count = kCount});
  REQUIRE(done.status == kOk);
  CHECK(done.done == kCount);
  bool equal = true;
  for (uint64_t i = 0; i < kCount; ++i) equal &= dst<uint8_t>(4001 + i) == src<uint8_t>(123 + i);
  CHECK(equal);
  CHECK(dst<uint8_t>(4000) == 0);
  CHECK(dst<uint8_t>(4001 + kCount) == 0);
}

TEST_CASE_METHOD(Streams, "copy forward within one range moves every element") {
  constexpr uint64_t kCount = 3000;
  for (uint64_t i = 0; i < kCount; ++i) src<uint64_t>(i) = i + 1;
  // One page up: each page is read before it is written.
  const auto done =
      do_job(kChannel,
             {.opcode = Opcode::kCopy, .dst = kSrcVa, .src = kSrcVa + 4096, .count = kCount - 512});
  REQUIRE(done.status == kOk);
  bool equal = true;
  for (uint64_t i = 0; i < kCount - 512; ++i) equal &= src<uint64_t>(i) == i + 513;
  CHECK(equal);
}

TEST_CASE_METHOD(Streams, "fill writes elements of each size") {
  const unsigned size = GENERATE(0u, 1u, 2u, 3u);
  const uint64_t pattern = 0x1122334455667788;
  const auto done = do_job(kChannel, {.opcode = Opcode::kFill,
                                      .size = size,
                                      .dst = kDstVa + 4096 - 16,
                                      .count = 32u >> size,
                                      .operand = pattern});
  REQUIRE(done.status == kOk);
  uint64_t expected = 0;
  for (unsigned byte = 0; byte < 8; ++byte)
    expected |= ((pattern >> (8 * (byte % (1u << size)))) & 0xff) << (8 * byte);
  for (unsigned i = 0; i < 4; ++i) CHECK(dst<uint64_t>(510 + i) == expected);
  CHECK(dst<uint64_t>(509) == 0);
  CHECK(dst<uint64_t>(514) == 0);
}

TEST_CASE_METHOD(Streams, "gather follows indices over all pages") {
  constexpr uint64_t kCount = 1500;  // three pages of indices
  for (uint64_t i = 0; i < 8192; ++i) src<uint32_t>(i) = static_cast<uint32_t>(i ^ 0xabcd);
  for (uint64_t i = 0; i < kCount; ++i) index(i) = i * 2654435761u % 8192;
  const auto done = do_job(kChannel, {.opcode = Opcode::kGather,
                                      .size = 2,
                                      .dst = kDstVa + 4,
                                      .src = kSrcVa,
                                      .count = kCount,
                                      .index = kIndexVa});
  REQUIRE(done.status == kOk);
  CHECK(done.done == kCount);
  bool equal = true;
  for (uint64_t i = 0; i < kCount; ++i)
    equal &= dst<uint32_t>(i + 1) == (static_cast<uint32_t>(index(i)) ^ 0xabcd);
  CHECK(equal);
}

TEST_CASE_METHOD(Streams, "scatter lets the last of equal indices win") {
  constexpr uint64_t kCount = 1500;
  std::vector<uint16_t> expected(8192);
  for (uint64_t i = 0; i < kCount; ++i) {
    src<uint16_t>(i) = static_cast<uint16_t>(i + 1);
    index(i) = i * 40503 % 1000;
    expected[index(i)] = static_cast<uint16_t>(i + 1);
  }
  const auto done = do_job(kChannel, {.opcode = Opcode::kScatter,
                                      .size = 1,
                                      .dst = kDstVa,
                                      .src = kSrcVa,
                                      .count = kCount,
                                      .index = kIndexVa});
  REQUIRE(done.status == kOk);
  bool equal = true;
  for (uint64_t i = 0; i < expected.size(); ++i) equal &= dst<uint16_t>(i) == expected[i];
  CHECK(equal);
}

TEST_CASE_METHOD(Streams, "pointer walk stops at the end of the list") {
  const std::vector<uint64_t> nodes = {kSrcVa, kSrcVa + 0x2010, kSrcVa + 0x18, kSrcVa + 0x7000};
  for (size_t i = 0; i + 1 < nodes.size(); ++i) at<uint64_t>(nodes[i] + 8) = nodes[i + 1];
  SECTION("null pointer") {
    const auto done = do_job(
        kChannel,
        {.opcode = Opcode::kPointerWalk, .size = 0, .src = nodes[0], .count = 100, .stride = 8});
    REQUIRE(done.status == kOk);
    CHECK(done.result == nodes[3]);
    CHECK(done.done == 3);
  }
  SECTION("count") {
    const auto done = do_job(
        kChannel, {.opcode = Opcode::kPointerWalk, .src = nodes[0], .count = 2, .stride = 8});
    REQUIRE(done.status == kOk);
    CHECK(done.result == nodes[2]);
    CHECK(done.done == 2);
  }
  SECTION("misaligned pointer on the way") {
    at<uint64_t>(nodes[1] + 8) = kSrcVa + 3;
    const auto done = do_job(
        kChannel, {.opcode = Opcode::kPointerWalk, .src = nodes[0], .count = 100, .stride = 8});
    CHECK(done.status == kBadJob);
    CHECK(done.done == 2);
  }
}

TEST_CASE_METHOD(Streams, "reduce folds with each operation") {
  constexpr uint64_t kCount = 700;
  const auto op =
      GENERATE(AluOp::kAdd, AluOp::kXor, AluOp::kAnd, AluOp::kOr, AluOp::kMin, AluOp::kMax);
  uint32_t expected = 0x01234567;
  for (uint64_t i = 0; i < kCount; ++i) {
    src<uint32_t>(i) = static_cast<uint32_t>(0x9e3779b9u * (i + 1)) | 0x01000001;
    expected = tlm::alu(op, expected, src<uint32_t>(i));
  }
  const auto done = do_job(kChannel, {.opcode = Opcode::kReduce,
                                      .size = 2,
                                      .alu_op = op,
                                      .src = kSrcVa,
                                      .count = kCount,
                                      .operand = 0x01234567});
  REQUIRE(done.status == kOk);
  CHECK(done.result == expected);
  CHECK(done.done == kCount);
}

TEST_CASE_METHOD(Streams, "transform in place") {
  constexpr uint64_t kCount = 1000;
  for (uint64_t i = 0; i < kCount; ++i) src<uint64_t>(i) = i;
  const auto done = do_job(kChannel, {.opcode = Opcode::kTransform,
                                      .alu_op = AluOp::kAdd,
                                      .dst = kSrcVa,
                                      .src = kSrcVa,
                                      .count = kCount,
                                      .operand = 1000});
  REQUIRE(done.status == kOk);
  bool equal = true;
  for (uint64_t i = 0; i < kCount; ++i) equal &= src<uint64_t>(i) == i + 1000;
  CHECK(equal);
}

TEST_CASE_METHOD(Streams, "atomics with a stride across pages") {
  SECTION("arithmetic: the result is the last old value") {
    for (uint64_t i = 0; i < 6; ++i) src<uint32_t>(i * 512) = static_cast<uint32_t>(10 * i);
    const auto done = do_job(kChannel, {.opcode = Opcode::kAtomic,
                                        .size = 2,
                                        .alu_op = AluOp::kAdd,
                                        .dst = kSrcVa,
                                        .count = 6,
                                        .operand = 3,
                                        .stride = 2048});
    REQUIRE(done.status == kOk);
    CHECK(done.result == 50);
    for (uint64_t i = 0; i < 6; ++i) CHECK(src<uint32_t>(i * 512) == 10 * i + 3);
    CHECK(mmu().requests.back().access == mmu::Access::kAtomic);
  }
  SECTION("the same element many times") {
    const auto done = do_job(kChannel, {.opcode = Opcode::kAtomic,
                                        .size = 1,
                                        .weak = true,
                                        .dst = kSrcVa,
                                        .count = 2000,
                                        .operand = 1});
    REQUIRE(done.status == kOk);
    CHECK(done.result == 1999);
    CHECK(src<uint16_t>(0) == 2000);
    CHECK(mmu().requests.back().access == mmu::Access::kAtomicWeak);
  }
  SECTION("exchange") {
    src<uint64_t>(1) = 5;
    const auto done = do_job(
        kChannel, {.opcode = Opcode::kAtomicExch, .dst = kSrcVa + 8, .count = 1, .operand = 6});
    CHECK(done.result == 5);
    CHECK(src<uint64_t>(1) == 6);
  }
  SECTION("compare and swap") {
    src<uint8_t>(0) = 7;
    src<uint8_t>(1) = 8;
    const auto done = do_job(kChannel, {.opcode = Opcode::kAtomicCas,
                                        .size = 0,
                                        .dst = kSrcVa,
                                        .count = 2,
                                        .operand = 9,
                                        .compare = 7,
                                        .stride = 1});
    CHECK(done.result == 8);
    CHECK(src<uint8_t>(0) == 9);
    CHECK(src<uint8_t>(1) == 8);
  }
}

TEST_CASE_METHOD(Streams, "sparse pages read as zero and swallow writes") {
  mmu().map_sparse(kSrcVa);
  mmu().map_sparse(kDstVa);
  dst<uint64_t>(512) = 99;
  const auto read =
      do_job(kChannel, {.opcode = Opcode::kCopy, .dst = kDstVa + 4096, .src = kSrcVa, .count = 1});
  CHECK(read.status == kOk);
  CHECK(dst<uint64_t>(512) == 0);
  CHECK(do_job(kChannel, {.opcode = Opcode::kFill, .dst = kDstVa, .count = 512, .operand = 1})
            .status == kOk);
  CHECK(dst<uint64_t>(0) == 0);
  const auto atomic =
      do_job(kChannel, {.opcode = Opcode::kAtomic, .dst = kDstVa, .count = 1, .operand = 1});
  CHECK(atomic.status == kOk);
  CHECK(atomic.result == 0);
}

TEST_CASE_METHOD(Streams, "streams reach video memory") {
  mmu().map(kSrcVa, mmu::Aperture::kVidmem, 0x5000);
  CHECK(do_job(kChannel, {.opcode = Opcode::kFill, .dst = kSrcVa, .count = 4, .operand = 42})
            .status == kOk);
  CHECK(vram<uint64_t>(0x5000, 5)[3] == 42);
  CHECK(vram<uint64_t>(0x5000, 5)[4] == 0);
}

TEST_CASE_METHOD(Streams, "bad jobs are refused and touch nothing") {
  const JobFields job = GENERATE(
      JobFields{.opcode = static_cast<Opcode>(12)}, JobFields{.opcode = static_cast<Opcode>(255)},
      JobFields{.opcode = Opcode::kFill, .dst = kDstVa + 4, .count = 1},
      JobFields{.opcode = Opcode::kCopy, .size = 1, .dst = kDstVa, .src = kSrcVa + 1, .count = 1},
      JobFields{.opcode = Opcode::kGather,
                .size = 0,
                .dst = kDstVa,
                .src = kSrcVa,
                .count = 1,
                .index = kIndexVa + 4},
      JobFields{
          .opcode = Opcode::kFill, .dst_mode = regs::AddressMode::kVidmem, .dst = 0, .count = 1},
      JobFields{.opcode = Opcode::kCopy,
                .src_mode = regs::AddressMode::kSystem,
                .dst = kDstVa,
                .src = kSrc,
                .count = 1},
      JobFields{.opcode = Opcode::kFill,
                .dst_mode = static_cast<regs::AddressMode>(3),
                .dst = kDstVa,
                .count = 1},
      JobFields{.opcode = Opcode::kFill, .dst = kDstVa, .count = uint64_t{1} << 61},
      JobFields{.opcode = Opcode::kFill, .dst = ~uint64_t{7}, .count = 2},
      JobFields{
          .opcode = Opcode::kReduce, .alu_op = static_cast<AluOp>(6), .src = kSrcVa, .count = 1},
      JobFields{.opcode = Opcode::kAtomic, .dst = kDstVa, .count = 2, .stride = 4},
      JobFields{.opcode = Opcode::kPointerWalk, .src = kSrcVa, .count = 1, .stride = 4});
  const auto done = do_job(kChannel, job);
  CHECK(done.valid);
  CHECK(done.status == kBadJob);
  CHECK(mmu().requests.empty());
}

TEST_CASE_METHOD(Streams, "a stream without an address space can do nothing but nop") {
  disable(kChannel);
  run();
  enable(kChannel, false);
  CHECK(do_job(kChannel, {.opcode = Opcode::kNop}).status == kOk);
  CHECK(do_job(kChannel, {.opcode = Opcode::kFill, .dst = kDstVa, .count = 1}).status == kBadJob);
}

TEST_CASE_METHOD(Streams, "an empty job is done at once") {
  const auto op = GENERATE(Opcode::kCopy, Opcode::kGather, Opcode::kPointerWalk, Opcode::kAtomic,
                           Opcode::kPrefetch);
  const auto done =
      do_job(kChannel, {.opcode = op, .dst = kDstVa, .src = kSrcVa, .index = kIndexVa});
  CHECK(done.status == kOk);
  CHECK(done.done == 0);
  CHECK(mmu().requests.empty());
}

TEST_CASE_METHOD(Streams, "prefetch touches each page once and never waits") {
  mmu().unmap(kDstVa + 4096);
  mmu().set_miss(mmu::Outcome::kDropped);
  const auto done =
      do_job(kChannel, {.opcode = Opcode::kPrefetch, .dst = kDstVa + 8, .count = 1024});
  CHECK(done.status == kOk);
  CHECK(done.done == 1024);
  REQUIRE(mmu().requests.size() == 3);
  for (const auto& request : mmu().requests) CHECK(request.access == mmu::Access::kPrefetch);
  CHECK(mmu().requests[2].va == kDstVa + 8192);
}

TEST_CASE_METHOD(Streams, "requests say who asks") {
  const unsigned channel = GENERATE(0u, 6u, 19u, 31u);
  write(regs::chan_inst_lo::offset(channel), 0x12345002);
  write(regs::chan_inst_hi::offset(channel), 0x6);
  enable(channel);
  uint32_t ctrl = read(regs::chan_ctrl::offset(channel));
  write(regs::chan_ctrl::offset(channel), 0);
  run();
  ctrl = regs::chan_ctrl::privileged.set(regs::chan_ctrl::veid.set(ctrl, 9u), 1u);
  write(regs::chan_ctrl::offset(channel), ctrl);
  do_job(channel, {.opcode = Opcode::kFill, .dst = kDstVa, .count = 1});
  REQUIRE(mmu().requests.size() == 1);
  const mmu::Requester& who = mmu().requests[0].requester;
  CHECK(who.instance == mmu::InstancePointer{0x612345000, mmu::Aperture::kSysCoherent});
  CHECK(who.engine_id == 64 + 9);
  CHECK(who.client_type == mmu::ClientType::kGpc);
  CHECK(who.gpc == channel % 4);
  CHECK(to_string(static_cast<regs::GpcClient>(who.client)) ==
        "T1_" + std::to_string(2 * (channel / 4 % 8)));
  CHECK(who.privileged);
}

}  // namespace
}  // namespace faultline::tests
