// SPDX-License-Identifier: MIT
// The fault buffers: packets, GET and PUT, overflow, corrupt GET, default size.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/unit/mmu/bench.hpp"

namespace faultline::mmu::test {

namespace get_reg = regs::mmu_fault_buffer_get;
namespace put_reg = regs::mmu_fault_buffer_put;
namespace size_reg = regs::mmu_fault_buffer_size;
using regs::FaultBuffer;

namespace {

constexpr auto kReplayable = FaultBuffer::kReplayable;
constexpr auto kNonReplayable = FaultBuffer::kNonReplayable;

uint32_t get_of(const Bench& bench) { return bench.get(get_reg::offset(1)); }
uint32_t put_of(const Bench& bench) { return bench.get(put_reg::offset(1)); }
uint32_t put_ptr(const Bench& bench) { return put_reg::ptr.get(put_of(bench)); }

void fault(Bench& bench, unsigned count = 1) {
  static uint64_t va = kVa;
  for (unsigned i = 0; i < count; ++i, va += 0x1000) bench.park(va, va);
}

}  // namespace

TEST_CASE("a packet is laid out as published") {
  Bench bench;
  bench.clock.now = 0x1122'3344'5566'7788;
  Requester who = bench.stream();
  bench.instance.set_subcontext(9, builder::space_of(bench.tables.root()));
  who.engine_id = 64 + 9;
  who.client = 0x28;
  who.gpc = 3;
  const uint64_t va = 0x1'2345'6789'a000;
  bench.gmmu.translate(bench.request_by(who, va + 0xbcd, Access::kAtomicWeak));
  const std::vector<Words> packets = bench.packets(kReplayable);
  REQUIRE(packets.size() == 1);
  // Instance block 0x123456000 in video memory; weak atomic, PDE fault, replayable, GPC 3.
  CHECK(packets[0] ==
        Words{0x2345'6000, 0x1, 0x6789'a000, 0x1'2345, 0x5566'7788, 0x1122'3344, 73, 0xc304'2880});
}

TEST_CASE("the aperture of the instance block is in the packet") {
  Bench bench;
  builder::InstanceBlock block(bench.memory,
                               {.address = 0x5000, .aperture = Aperture::kSysNonCoherent});
  block.set_subcontext(0, builder::space_of(bench.tables.root()));
  Requester who = bench.stream();
  who.instance = block.pointer();
  bench.gmmu.translate(bench.request_by(who, kVa));
  CHECK(bench.packets(kReplayable).at(0)[0] == 0x5300);
}

TEST_CASE("a copy engine's fault goes to the non-replayable buffer") {
  Bench bench;
  const Answer answer = bench.gmmu.translate(bench.request_by(bench.copy(), kVa, Access::kWrite));
  CHECK(answer.outcome == Outcome::kFaulted);
  CHECK(bench.packets(kReplayable).empty());
  const std::vector<Words> packets = bench.packets(kNonReplayable);
  REQUIRE(packets.size() == 1);
  CHECK(packets[0][6] == 15);
  // PDE, client CE0 of the hub, write, replay enabled for the instance block.
  CHECK(packets[0][7] == 0xc011'0100);
}

TEST_CASE("REPLAYABLE_FAULT_EN is clear if no client of the block may replay") {
  Bench bench;
  builder::SpaceEntry space = builder::space_of(bench.tables.root());
  space.replay_tex = false;
  bench.instance.set_main(space);
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa));
  const Words packet = bench.packets(kNonReplayable).at(0);
  CHECK(regs::fault_packet::replayable_fault_en.get(std::span(packet)) == 0);
}

TEST_CASE("an address beyond the limit is reported with all its page bits") {
  Bench bench;
  bench.park(0xfedc'ba98'7654'3210, 1);
  const Words packet = bench.packets(kReplayable).at(0);
  CHECK(packet[2] == 0x7654'3000);
  CHECK(packet[3] == 0xfedc'ba98);
}

TEST_CASE("VALID is written after everything else, before PUT moves") {
  class Watch : public builder::SparseMemory {
   public:
    bool write(Aperture aperture, uint64_t address, std::span<const std::byte> in) override {
      if (gmmu) {
        writes.emplace_back(address, in.size());
        puts.push_back(gmmu->read_register(put_reg::offset(0)));
        busy.push_back(
            regs::mmu_fault_status::busy.get(gmmu->read_register(regs::mmu_fault_status::kOffset)));
      }
      return SparseMemory::write(aperture, address, in);
    }
    Gmmu* gmmu = nullptr;
    std::vector<std::pair<uint64_t, size_t>> writes;
    std::vector<uint32_t> puts;
    std::vector<uint32_t> busy;
  };
  Watch memory;
  Recorder said;
  TestClock clock;
  Gmmu gmmu({}, memory, said, clock);
  builder::InstanceBlock block(memory, {.address = kInstance});
  block.set_main({.pdb = 0x1000});
  gmmu.write_register(regs::mmu_fault_buffer_lo::kOffset, 0x8005);
  gmmu.write_register(size_reg::kOffset, size_reg::enable.mask() | 4);
  memory.gmmu = &gmmu;
  gmmu.translate(
      {.va = kVa, .requester = {.instance = block.pointer(), .client_type = ClientType::kHub}});
  CHECK(memory.writes == std::vector<std::pair<uint64_t, size_t>>{{0x8000, 28}, {0x801c, 4}});
  CHECK(memory.puts == std::vector<uint32_t>{0, 0});
  CHECK(memory.busy == std::vector<uint32_t>{1, 1});
  CHECK(gmmu.read_register(put_reg::kOffset) == 1);
  CHECK(regs::mmu_fault_status::busy.get(gmmu.read_register(regs::mmu_fault_status::kOffset)) == 0);
}

TEST_CASE("hardware never clears VALID") {
  Bench bench;
  bench.enable_buffer(kReplayable, 4);
  fault(bench, 3);
  bench.set(get_reg::offset(1), 3);
  fault(bench, 1);
  for (uint32_t i = 0; i < 4; ++i)
    CHECK(regs::fault_packet::valid.get(
              std::span<const uint32_t>(bench.packet_at(kReplayable, i))) == 1);
}

TEST_CASE("PUT wraps at SIZE and the buffer holds one entry less") {
  Bench bench;
  bench.enable_buffer(kReplayable, 4);
  fault(bench, 3);
  CHECK(put_of(bench) == 3);
  bench.set(get_reg::offset(1), 2);
  fault(bench, 2);
  CHECK(put_of(bench) == 1);
  CHECK(bench.packets(kReplayable).size() == 3);
}

TEST_CASE("a fault that finds no room sets OVERFLOW in GET, PUT and STATUS") {
  Bench bench;
  bench.enable_buffer(kReplayable, 4);
  fault(bench, 3);
  CHECK(get_reg::overflow.get(get_of(bench)) == 0);
  fault(bench);
  CHECK(get_of(bench) == get_reg::overflow.mask());
  CHECK(put_of(bench) == (put_reg::overflow.mask() | 3));
  CHECK(regs::mmu_fault_status::replayable_overflow.get(
            bench.get(regs::mmu_fault_status::kOffset)) == 1);
  if (kCountsEverything) CHECK(bench.gmmu.statistics().dropped == 1);
}

TEST_CASE("while OVERFLOW is set packets are dropped even with room") {
  Bench bench;
  bench.enable_buffer(kReplayable, 4);
  fault(bench, 4);
  bench.set(get_reg::offset(1), 3);
  fault(bench);
  CHECK(bench.packets(kReplayable).empty());
  CHECK(get_reg::overflow.get(get_of(bench)) == 1);
}

TEST_CASE("GET, then GET with OVERFLOW, restarts the buffer") {
  Bench bench;
  bench.enable_buffer(kReplayable, 4);
  fault(bench, 4);
  bench.set(get_reg::offset(1), 3);
  bench.set(get_reg::offset(1), 3 | get_reg::overflow.mask());
  CHECK(get_of(bench) == 3);
  fault(bench);
  CHECK(bench.packets(kReplayable).size() == 1);
}

TEST_CASE("one write can make room and clear OVERFLOW") {
  Bench bench;
  bench.enable_buffer(kReplayable, 4);
  fault(bench, 4);
  bench.set(get_reg::offset(1), 3 | get_reg::overflow.mask());
  fault(bench, 3);
  CHECK(get_reg::overflow.get(get_of(bench)) == 0);
  CHECK(bench.packets(kReplayable).size() == 3);
}

TEST_CASE("OVERFLOW cleared without room comes back with the next fault") {
  Bench bench;
  bench.enable_buffer(kReplayable, 4);
  fault(bench, 4);
  bench.set(get_reg::offset(1), get_reg::overflow.mask());
  CHECK(get_reg::overflow.get(get_of(bench)) == 0);
  fault(bench);
  CHECK(get_reg::overflow.get(get_of(bench)) == 1);
}

TEST_CASE("a replayable fault whose packet was dropped is parked and reported by the next replay") {
  Bench bench;
  bench.enable_buffer(kReplayable, 2);
  bench.park(kVa, 1);
  bench.park(kVa + 0x1000, 2);
  CHECK(bench.packets(kReplayable).size() == 1);
  bench.tables.map(kVa, Level::kPte4k, {.address = kFrame});
  bench.set(get_reg::offset(1), 1 | get_reg::overflow.mask());
  bench.replay();
  CHECK(bench.said.answer_to(1).outcome == Outcome::kTranslated);
  const std::vector<Words> packets = bench.packets(kReplayable);
  REQUIRE(packets.size() == 1);
  CHECK(packets[0][2] == static_cast<uint32_t>(kVa + 0x1000));
}

TEST_CASE("a non-replayable fault whose packet was dropped is lost") {
  Bench bench;
  bench.enable_buffer(kNonReplayable, 2);
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa));
  bench.gmmu.translate(bench.request_by(bench.copy(), kVa + 0x1000));
  bench.set(get_reg::offset(0), 1 | get_reg::overflow.mask());
  bench.replay();
  CHECK(bench.packets(kNonReplayable).empty());
}

TEST_CASE("GET at or beyond SIZE is corrupt and stops the buffer until a legal GET clears it") {
  Bench bench;
  bench.enable_buffer(kReplayable, 4);
  fault(bench);
  const uint32_t bad = GENERATE(4u, 5u, 0xfffffu);
  bench.set(get_reg::offset(1), bad);
  CHECK(get_of(bench) == (get_reg::getptr_corrupted.mask() | bad));
  CHECK(put_reg::getptr_corrupted.get(put_of(bench)) == 1);
  CHECK(regs::mmu_fault_status::replayable_getptr_corrupted.get(
            bench.get(regs::mmu_fault_status::kOffset)) == 1);
  fault(bench);
  CHECK(put_ptr(bench) == 1);
  bench.set(get_reg::offset(1), bad | get_reg::getptr_corrupted.mask());
  CHECK(get_reg::getptr_corrupted.get(get_of(bench)) == 1);
  bench.set(get_reg::offset(1), 1);
  CHECK(get_reg::getptr_corrupted.get(get_of(bench)) == 1);
  bench.set(get_reg::offset(1), 1 | get_reg::getptr_corrupted.mask());
  CHECK(get_of(bench) == 1);
  fault(bench);
  CHECK(put_ptr(bench) == 2);
}

TEST_CASE("SET_DEFAULT sets the recommended size and keeps it when written again", "[model]") {
  Bench bench({.default_fault_buffer_entries = 256});
  const uint32_t offset = size_reg::offset(1);
  bench.set(offset, size_reg::set_default.mask());
  CHECK(bench.get(offset) == (size_reg::set_default.mask() | 256));
  bench.set(offset, 0xC000'0000 | 256);
  CHECK(bench.get(offset) == (0xC000'0000 | 256));
  bench.set(offset, size_reg::enable.mask() | 8);
  CHECK(bench.get(offset) == (size_reg::enable.mask() | 8));
}

TEST_CASE("an enabled buffer of no entries drops everything") {
  Bench bench;
  const uint32_t size = GENERATE(0u, 1u);
  bench.enable_buffer(kReplayable, size);
  fault(bench);
  CHECK(get_reg::overflow.get(get_of(bench)) == 1);
  CHECK(bench.gmmu.statistics().packets == 0);
}

TEST_CASE("a smaller size brings PUT back to the start") {
  Bench bench;
  fault(bench, 5);
  bench.set(size_reg::offset(1), 0);
  CHECK(put_of(bench) == 5);
  bench.enable_buffer(kReplayable, 4);
  CHECK(put_of(bench) == 0);
}

TEST_CASE("a disabled buffer keeps PUT") {
  Bench bench;
  fault(bench, 2);
  bench.set(size_reg::offset(1), 0);
  bench.enable_buffer(kReplayable);
  CHECK(put_of(bench) == 2);
}

TEST_CASE("a packet that cannot be written sets the buffer's error until it is enabled again") {
  // Nothing of it, or all but the word with VALID.
  const uint64_t written = GENERATE(uint64_t{0}, uint64_t{28});
  Bench bench;
  bench.memory.end_at(Aperture::kSysCoherent, kBufferBase[1] + written);
  bench.park(kVa, 1);
  namespace status = regs::mmu_fault_status;
  CHECK(status::replayable_error.get(bench.get(status::kOffset)) == 1);
  CHECK(put_ptr(bench) == 0);
  bench.memory.end_at(Aperture::kSysCoherent, ~uint64_t{0});
  bench.set(size_reg::offset(1), 0);
  bench.enable_buffer(kReplayable);
  CHECK(status::replayable_error.get(bench.get(status::kOffset)) == 0);
  bench.replay();
  CHECK(bench.packets(kReplayable).size() == 1);
}

TEST_CASE("GET beyond a SIZE that is written later is corrupt too") {
  Bench bench;
  fault(bench, 5);
  bench.set(get_reg::offset(1), 5);
  bench.enable_buffer(kReplayable, 4);
  CHECK(get_of(bench) == (get_reg::getptr_corrupted.mask() | 5));
  fault(bench);
  CHECK(put_ptr(bench) == 0);
  bench.set(get_reg::offset(1), get_reg::getptr_corrupted.mask());
  fault(bench);
  CHECK(put_ptr(bench) == 1);
}

TEST_CASE("while a buffer is disabled any GET is legal") {
  Bench bench;
  bench.set(size_reg::offset(1), 0);
  bench.set(get_reg::offset(1), 0xfffff);
  CHECK(get_of(bench) == 0xfffff);
}

TEST_CASE("a disabled buffer keeps its flags") {
  Bench bench;
  bench.enable_buffer(kReplayable, 2);
  fault(bench, 2);
  bench.set(size_reg::offset(1), 0);
  bench.enable_buffer(kReplayable, 2);
  CHECK(get_reg::overflow.get(get_of(bench)) == 1);
}

}  // namespace faultline::mmu::test
