// SPDX-License-Identifier: MIT
// The MMU of the MMU's tests with the sanitizer at its seam.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "systemc_models/sanitize/sanitizer.hpp"
#include "tests/unit/mmu/bench.hpp"

namespace faultline::sanitize::test {

using mmu::Access;
using mmu::Level;
using mmu::test::kFrame;
using mmu::test::kInstance;
using mmu::test::kVa;

inline constexpr uint64_t kPage = 0x1000;
inline constexpr uint64_t kNewFrame = 0x6'0000'0000;
inline constexpr auto kBuffer = regs::FaultBuffer::kReplayable;

class Watched {
 public:
  Watched();

  mmu::Answer use(uint64_t va, Access access = Access::kRead);
  void set(uint32_t offset, uint32_t value);
  /// An invalidate of 1 << `order` pages, in the address space of the tables.
  void invalidate(uint64_t va, uint32_t order = 0,
                  regs::CacheLevel level = regs::CacheLevel::kPteOnly);
  void invalidate_space();
  void replay(regs::ReplayOp op = regs::ReplayOp::kStart);
  /// The driver waits until everything is acknowledged.
  void wait();
  /// As a driver withdraws a page: zap, invalidate, wait.
  void withdraw(uint64_t va);
  void note(regs::NoteKind kind, uint64_t address, uint64_t pages = 1);
  void park(uint64_t va, uint64_t tag);

  void map(uint64_t va, const builder::Page& page) { bench.tables.map(va, Level::kPte4k, page); }
  void zap(uint64_t va) { bench.tables.write(va, Level::kPte4k, 0); }
  void pass(uint64_t ns) { bench.clock.now += ns; }
  std::vector<Kind> kinds() const;

  mmu::test::Bench bench;
  std::vector<Mistake> mistakes;

 private:
  void trigger(uint64_t va, uint32_t order, uint32_t operation);

  Sanitizer sanitizer_;
};

}  // namespace faultline::sanitize::test
