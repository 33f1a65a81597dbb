// SPDX-License-Identifier: MIT
// The loop: idle costs nothing, work runs in quanta, register reads come in between.
#include <poll.h>
#include <sys/resource.h>
#include <time.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <chrono>
#include <thread>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

nanoseconds cpu_time() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return std::chrono::seconds(t.tv_sec) + nanoseconds(t.tv_nsec);
}

/// Busy for `quanta` quanta of `length` each.
class BusyWork : public pci::Work {
 public:
  BusyWork(int quanta, nanoseconds length) : left_(quanta), length_(length) {}
  std::optional<nanoseconds> due() override {
    if (left_ == 0) return std::nullopt;
    return nanoseconds::zero();
  }
  void run_quantum() override {
    const auto end = steady_clock::now() + length_;
    while (steady_clock::now() < end) {
    }
    --left_;
  }
  int left() const { return left_; }

 private:
  std::atomic<int> left_;
  nanoseconds length_;
};

TEST_CASE("An idle server uses no processor time") {
  RunningServer server;
  Client client(server.path());
  client.version();
  const nanoseconds before = cpu_time();
  std::this_thread::sleep_for(500ms);
  CHECK(cpu_time() - before < 5ms);
}

TEST_CASE("Register reads are answered between quanta of a busy model") {
  BusyWork work(1000000, 10us);
  RunningServer server(memory_identity(), nullptr, &work);
  Client client(server.path());
  client.version();
  const int left = work.left();
  for (int i = 0; i < 200; ++i) client.read32(0, 0);
  const int after = work.left();
  CHECK(after > 0);              // the reads did not wait for the end of the work,
  CHECK(left - after < 100000);  // and the model ran on,
  CHECK(after < left);
}

TEST_CASE("Work that is done lets the loop sleep again") {
  BusyWork work(10, 10us);
  RunningServer server(memory_identity(), nullptr, &work);
  CHECK(server.eventually([&](MemoryFunction&) { return work.left() == 0; }));
  const nanoseconds before = cpu_time();
  std::this_thread::sleep_for(300ms);
  CHECK(cpu_time() - before < 5ms);
}

class TimedWork : public pci::Work {
 public:
  std::optional<nanoseconds> due() override { return std::max(next_ - steady_clock::now(), 0ns); }
  void run_quantum() override {
    ++runs;
    if (steady_clock::now() < next_) ++early;
    next_ = steady_clock::now() + 20ms;
  }
  std::atomic<int> runs = 0;
  std::atomic<int> early = 0;

 private:
  steady_clock::time_point next_ = steady_clock::now() + 20ms;
};

TEST_CASE("Work that is due later runs then, without a message and without spinning") {
  TimedWork work;
  const nanoseconds before = cpu_time();
  const steady_clock::time_point begin = steady_clock::now();
  RunningServer server(memory_identity(), nullptr, &work);
  while (work.runs < 10 && steady_clock::now() < begin + 10s) std::this_thread::sleep_for(5ms);
  CHECK(work.runs >= 10);
  CHECK(work.early == 0);
  CHECK(cpu_time() - before < (steady_clock::now() - begin) / 2);  // spinning takes all of it
}

TEST_CASE("stop() ends a run that has not begun, once") {
  pci::EventLoop loop;
  loop.stop();
  loop.run();
  std::jthread stopper([&] {
    std::this_thread::sleep_for(10ms);
    loop.stop();
  });
  loop.run();
}

TEST_CASE("A handler may unwatch itself and others while events wait") {
  pci::EventLoop loop;
  const UniqueFd first = make_eventfd();
  const UniqueFd second = make_eventfd();
  int calls = 0;
  const auto handler = [&](short) {
    ++calls;
    loop.unwatch(first.get());
    loop.unwatch(second.get());
    loop.stop();
  };
  loop.watch(first.get(), POLLIN, handler);
  loop.watch(second.get(), POLLIN, handler);
  const uint64_t one = 1;
  REQUIRE(write(first.get(), &one, sizeof(one)) == sizeof(one));
  REQUIRE(write(second.get(), &one, sizeof(one)) == sizeof(one));
  loop.run();
  CHECK(calls == 1);
}

TEST_CASE("Raising a vector that the function does not have is an error of its programmer") {
  RunningServer server;
  server.on_loop([](MemoryFunction& f) { CHECK_THROWS_AS(f.host->raise(4), std::out_of_range); });
}

}  // namespace
}  // namespace faultline::protocol_test
