// SPDX-License-Identifier: MIT
// faultline-bench-transport: register reads and posted writes over the vfio-user socket, against a
// raw socket in the same run.
#include <fmt/format.h>
#include <linux/vfio.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace {

using namespace faultline;
using namespace faultline::protocol_test;
using std::chrono::steady_clock;

double microseconds(steady_clock::duration d) {
  return std::chrono::duration<double, std::micro>(d).count();
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

template <typename Exchange>
double median_us(unsigned rounds, Exchange exchange) {
  std::vector<double> times;
  for (unsigned i = 0; i < rounds; ++i) {
    const auto start = steady_clock::now();
    exchange();
    times.push_back(microseconds(steady_clock::now() - start));
  }
  return median(std::move(times));
}

/// What the kernel alone costs: the same number of bytes each way, blocking, process to process.
class RawEcho {
 public:
  static constexpr size_t kRequest = sizeof(Header) + sizeof(vfio_user::RegionAccess);
  static constexpr size_t kReply = kRequest + sizeof(uint32_t);

  RawEcho() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      throw std::runtime_error("no socket pair");
    near_ = UniqueFd(ends[0]);
    const UniqueFd far(ends[1]);
    child_ = fork();
    if (child_ < 0) throw std::runtime_error("no second process");
    if (child_ > 0) return;
    near_.reset();
    echo_until_closed(far.get());
    _exit(0);
  }
  ~RawEcho() {
    near_.reset();
    waitpid(child_, nullptr, 0);
  }
  void exchange() {
    std::array<std::byte, kReply> bytes{};
    send(near_.get(), bytes.data(), kRequest, 0);
    recv(near_.get(), bytes.data(), kReply, MSG_WAITALL);
  }

 private:
  static void echo_until_closed(int fd) {
    std::array<std::byte, kReply> bytes{};
    while (recv(fd, bytes.data(), kRequest, MSG_WAITALL) == kRequest)
      send(fd, bytes.data(), kReply, 0);
  }

  UniqueFd near_;
  pid_t child_;
};

/// The read as the bench client sends it, without the test client's allocations.
class RegisterReader {
 public:
  explicit RegisterReader(const Client& client)
      : fd_(client.fd()),
        request_(message(1, Command::kRegionRead, bytes_of(vfio_user::RegionAccess{0, 0, 4}))) {}
  void exchange() const {
    std::array<std::byte, RawEcho::kReply> reply;
    send(fd_, request_.data(), request_.size(), 0);
    recv(fd_, reply.data(), reply.size(), MSG_WAITALL);
  }

 private:
  int fd_;
  Bytes request_;
};

/// Where the two sides run decides what a wake-up costs, a few microseconds or tens of them, and
/// the scheduler's choice varies: so both are fixed, once on one processor, once on two.
enum class Placement { kOneProcessor, kTwoProcessors };

void run_on(unsigned processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0)
    throw std::runtime_error(fmt::format("processor {} cannot be used alone", processor));
}

std::vector<unsigned> processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  std::vector<unsigned> all;
  for (unsigned i = 0; i < CPU_SETSIZE; ++i)
    if (CPU_ISSET(i, &set)) all.push_back(i);
  return all;
}

double posted_writes_per_second(Client& client, unsigned count) {
  const Bytes write =
      message(1, Command::kRegionWrite, bytes_of(vfio_user::RegionAccess{8, 0, 4}, uint32_t{1}),
              vfio_user::kFlagNoReply);
  const auto start = steady_clock::now();
  for (unsigned i = 0; i < count; ++i) client.send_raw(write);
  client.read32(0, 8);
  return count / std::chrono::duration<double>(steady_clock::now() - start).count();
}

struct Figures {
  double read_us;
  double raw_us;
  double writes_per_second;
};

Figures measure(unsigned own_processor, unsigned peer_processor, unsigned rounds) {
  run_on(peer_processor);  // what is started now inherits it
  RawEcho raw;             // first: it forks, and the server is a thread
  RunningServer server;
  run_on(own_processor);
  Client client(server.path());
  client.version();
  const RegisterReader reader(client);
  // Alternating blocks: both see the same noise of the machine.
  std::vector<double> reads;
  std::vector<double> raws;
  for (unsigned block = 0; block < 10; ++block) {
    raws.push_back(median_us(rounds / 10, [&] { raw.exchange(); }));
    reads.push_back(median_us(rounds / 10, [&] { reader.exchange(); }));
  }
  return {median(reads), median(raws), posted_writes_per_second(client, rounds * 10)};
}

std::string_view name_of(Placement placement) {
  return placement == Placement::kOneProcessor ? "one_processor" : "two_processors";
}

nlohmann::json to_json(const Figures& figures) {
  return {{"register_read_us", figures.read_us},
          {"raw_socket_us", figures.raw_us},
          {"posted_writes_per_second", figures.writes_per_second}};
}

void print(Placement placement, const Figures& figures) {
  fmt::println("{:<15} read {:6.2f} us, raw socket {:6.2f} us, ratio {:5.2f}; {:5.2f} M writes/s",
               name_of(placement), figures.read_us, figures.raw_us,
               figures.read_us / figures.raw_us, figures.writes_per_second / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Register reads and posted writes over the vfio-user socket");
  unsigned rounds = 20000;
  bool json = false;
  app.add_option("--rounds", rounds, "register reads to time")->check(CLI::Range(100, 10000000));
  app.add_flag("--json", json, "one JSON object instead of a table");
  CLI11_PARSE(app, argc, argv);

  try {
    const auto available = processors();
    nlohmann::json all;
    for (const Placement placement : {Placement::kOneProcessor, Placement::kTwoProcessors}) {
      const unsigned peer =
          placement == Placement::kOneProcessor ? available.front() : available.back();
      const Figures figures = measure(available.front(), peer, rounds);
      all[name_of(placement)] = to_json(figures);
      if (!json) print(placement, figures);
    }
    if (json) fmt::println("{}", all.dump());
  } catch (const std::exception& error) {
    fmt::println(stderr, "faultline-bench-transport: {}", error.what());
    return 1;
  }
  return 0;
}
