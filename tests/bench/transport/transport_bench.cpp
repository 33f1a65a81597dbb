// SPDX-License-Identifier: MIT
// faultline-bench-transport: register reads and posted writes over the vfio-user socket, against a
// raw socket in the same run.
#include <fmt/format.h>
#include <linux/vfio.h>
#include <sys/socket.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
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

/// What the kernel alone costs: the same number of bytes each way, blocking, thread to thread.
class RawEcho {
 public:
  static constexpr size_t kRequest = sizeof(Header) + sizeof(vfio_user::RegionAccess);
  static constexpr size_t kReply = kRequest + sizeof(uint32_t);

  RawEcho() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw std::runtime_error("no socket pair");
    near_ = UniqueFd(ends[0]);
    far_ = UniqueFd(ends[1]);
    echo_ = std::thread([this] {
      std::array<std::byte, kReply> bytes{};
      while (recv(far_.get(), bytes.data(), kRequest, MSG_WAITALL) == kRequest) {
        send(far_.get(), bytes.data(), kReply, 0);
      }
    });
  }
  ~RawEcho() {
    near_.reset();
    echo_.join();
  }
  void exchange() {
    std::array<std::byte, kReply> bytes{};
    send(near_.get(), bytes.data(), kRequest, 0);
    recv(near_.get(), bytes.data(), kReply, MSG_WAITALL);
  }

 private:
  UniqueFd near_;
  UniqueFd far_;
  std::thread echo_;
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

double posted_writes_per_second(Client& client, unsigned count) {
  const Bytes write =
      message(1, Command::kRegionWrite, bytes_of(vfio_user::RegionAccess{8, 0, 4}, uint32_t{1}),
              vfio_user::kFlagNoReply);
  const auto start = steady_clock::now();
  for (unsigned i = 0; i < count; ++i) client.send_raw(write);
  client.read32(0, 8);
  return count / std::chrono::duration<double>(steady_clock::now() - start).count();
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
    RunningServer server;
    Client client(server.path());
    client.version();
    const RegisterReader reader(client);
    RawEcho raw;
    // Alternating blocks: both see the same noise of the machine.
    std::vector<double> reads;
    std::vector<double> raws;
    for (unsigned block = 0; block < 10; ++block) {
      raws.push_back(median_us(rounds / 10, [&] { raw.exchange(); }));
      reads.push_back(median_us(rounds / 10, [&] { reader.exchange(); }));
    }
    const double read_us = median(reads);
    const double raw_us = median(raws);
    const double writes = posted_writes_per_second(client, rounds * 10);
    if (json) {
      fmt::println("{}", nlohmann::json{{"register_read_us", read_us},
                                        {"raw_socket_us", raw_us},
                                        {"register_read_ratio", read_us / raw_us},
                                        {"posted_writes_per_second", writes}}
                             .dump());
    } else {
      fmt::println("register read over the socket  {:8.2f} us", read_us);
      fmt::println("raw socket, same bytes         {:8.2f} us", raw_us);
      fmt::println("ratio                          {:8.2f}", read_us / raw_us);
      fmt::println("posted writes                  {:8.2f} M/s", writes / 1e6);
    }
  } catch (const std::exception& error) {
    fmt::println(stderr, "faultline-bench-transport: {}", error.what());
    return 1;
  }
  return 0;
}
