// SPDX-License-Identifier: MIT
// A clock that stands changes nothing but the time that a simulation takes.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "tests/check/checked_mutant.hpp"

namespace faultline::check_test {

namespace {

/// A number of mutations.cmake: no clock ever stops.
constexpr int kOpenGates = 18;
constexpr int kGates = 0;

/// Everything that crosses the ports, with its cycle.
class Diary : public rtl::PortObserver {
 public:
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  template <typename... Values>
  void write(const char* what, const Values&... values) {
    std::string line = std::to_string(cycle_) + ' ' + what;
    ((line += ' ' + std::to_string(values)), ...);
    lines_.push_back(std::move(line));
  }
  void write_answer(const char* what, uint64_t first, uint64_t second, const mmu::Answer& answer) {
    write(what, first, second, static_cast<unsigned>(answer.outcome), answer.pa,
          static_cast<unsigned>(answer.aperture), answer.peer, answer.page_shift, answer.vol,
          answer.read_only, answer.atomic_disable, answer.kind,
          static_cast<unsigned>(answer.fault_type));
  }

  void cycle_begins(uint64_t cycle) override { cycle_ = cycle; }
  void requested(unsigned port, const mmu::Request& request) override {
    write("requested", port, request.tag, request.va);
  }
  void responded(unsigned port, const rtl::Response& response) override {
    write_answer("responded", port, response.tag, response.answer);
  }
  void withdrawn(unsigned port, uint16_t tag) override { write("withdrawn", port, tag); }
  void space(unsigned port) override { write("space", port); }
  void bar1_requested(uint64_t offset, mmu::Access) override { write("bar1 requested", offset); }
  void bar1_responded(const mmu::Answer& answer) override {
    write_answer("bar1 responded", 0, 0, answer);
  }
  void memory_read(const rtl::ReadChannel::Read& read) override {
    write("memory read", read.id, static_cast<unsigned>(read.aperture), read.address);
  }
  void memory_written(const rtl::WriteChannel::Burst& burst) override {
    for (const auto& run : burst.runs) {
      write("memory written", run.address);
      for (const std::byte byte : run.bytes)
        lines_.back() += ' ' + std::to_string(std::to_integer<unsigned>(byte));
    }
  }
  void interrupt(uint32_t pending, uint32_t rose) override { write("interrupt", pending, rose); }
  void register_accessed(const rtl::RegisterAccess& access) override {
    write("register", access.offset, access.is_write, access.value);
  }
  void rested() override { write("rested"); }
  void was_reset() override { write("was reset"); }

  std::vector<std::string> lines_;
  uint64_t cycle_ = 0;
};

std::vector<std::string> diary_of(int gates, uint64_t seed, const Mix& mix) {
  constexpr uint64_t kCycles = 40'000;
  CheckedMutant rtl(gates, [](const check::Violation& violation) {
    FAIL("cycle " << violation.cycle << ": " << violation.text);
  });
  Diary diary;
  rtl.gmmu.observe(diary);
  Traffic traffic(rtl.gmmu, rtl.memory, seed, mix);
  traffic.run(kCycles);
  CHECK(traffic.drain());
  return diary.lines();
}

}  // namespace

TEST_CASE("with clocks that stand the same happens in the same cycles") {
  constexpr Mix kMixes[] = {
      {},
      {.most_asks = 1, .act_every = 2000, .most_latency = 200},  // much rest
      {.most_asks = 9, .act_every = 400, .hot_pages = 6, .most_latency = 8, .most_entries = 12},
  };
  const uint64_t seed = builder::chosen_seed();
  WARN("FAULTLINE_SEED=" << seed << " repeats this run");
  for (const Mix& mix : kMixes) {
    const auto with = diary_of(kGates, seed, mix), without = diary_of(kOpenGates, seed, mix);
    CHECK(with.size() > 1000);
    for (size_t i = 0; i < std::min(with.size(), without.size()); ++i)
      if (with[i] != without[i]) FAIL("with: " << with[i] << "; without: " << without[i]);
    CHECK(with.size() == without.size());
  }
}

}  // namespace faultline::check_test
