// SPDX-License-Identifier: MIT
// A client that sends and never reads stops itself; the server neither hangs nor grows.
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <thread>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using std::chrono::steady_clock;
using vfio_user::RegionAccess;

/// Sends copies of `request` until the server takes no more for a while; returns their number, the
/// last maybe in part.
size_t flood(Client& client, const Bytes& request, size_t limit) {
  size_t sent = 0;
  auto progress = steady_clock::now();
  while (sent < limit * request.size()) {
    const size_t at = sent % request.size();
    const size_t taken = client.send_some(std::span(request).subspan(at));
    sent += taken;
    if (taken != 0) progress = steady_clock::now();
    if (steady_clock::now() - progress > std::chrono::milliseconds(300)) break;
    if (taken == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return sent / request.size();
}

TEST_CASE("A client that never reads its replies is no longer read from") {
  RunningServer server;
  Client client(server.path());
  client.version();
  const Bytes request = message(1, Command::kRegionRead, bytes_of(RegionAccess{0, 2, 1048576}));
  constexpr size_t kFarTooMany = 1000000;
  const size_t taken = flood(client, request, kFarTooMany);
  CHECK(taken < kFarTooMany);
  // The loop still turns for everything else.
  bool turns = false;
  server.on_loop([&](MemoryFunction&) { turns = true; });
  CHECK(turns);

  SECTION("and is served on when it reads") {
    for (size_t i = 0; i < 100; ++i) {
      const auto reply = client.receive();
      REQUIRE(reply);
      REQUIRE(reply->payload.size() == 16 + 1048576);
    }
  }
  SECTION("and may go away") {
    {
      const Client gone = std::move(client);
    }
    CHECK(server.eventually([](MemoryFunction& f) { return f.resets.size() == 2; }));
    Client next(server.path());
    CHECK(next.version().error() == 0);
  }
}

TEST_CASE("A client that reads slowly gets every reply, in order") {
  RunningServer server;
  Client client(server.path());
  client.version();
  constexpr uint16_t kRequests = 3000;
  std::jthread sender([&] {
    for (uint16_t i = 0; i < kRequests; ++i) {
      client.send_raw(message(i, Command::kRegionRead, bytes_of(RegionAccess{0, 0, 4096})));
    }
  });
  for (uint16_t i = 0; i < kRequests; ++i) {
    if (i % 500 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const auto reply = client.receive();
    REQUIRE(reply);
    REQUIRE(reply->header.id == i);
  }
}

TEST_CASE("A burst of large requests is answered to the last, with nothing sent after it") {
  RunningServer server;
  Client client(server.path());
  client.version();
  constexpr uint16_t kBurst = 16;
  Bytes burst;
  for (uint16_t i = 0; i < kBurst; ++i) {
    const Bytes request = message(i, Command::kRegionRead, bytes_of(RegionAccess{0, 2, 100000}));
    burst.insert(burst.end(), request.begin(), request.end());
  }
  for (int round = 0; round < 100; ++round) {
    client.send_raw(burst);
    for (uint16_t i = 0; i < kBurst; ++i) REQUIRE(client.receive()->header.id == i);
  }
}

}  // namespace
}  // namespace faultline::protocol_test
