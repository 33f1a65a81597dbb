// SPDX-License-Identifier: MIT
// Random garbage, from printed seeds: the server answers or hangs up, stays alive and loses no
// descriptor.
#include <sys/socket.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <iostream>
#include <random>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

class Garbage {
 public:
  explicit Garbage(unsigned seed) : random_(seed) {}

  uint64_t number(uint64_t below) { return random_() % below; }

  /// Small, large and border values are likelier than in between.
  uint64_t field() {
    switch (number(6)) {
      case 0:
        return number(16);
      case 1:
        return UINT64_MAX - number(16);
      case 2:
        return uint64_t{1} << number(64);
      case 3:
        return number(32) * 4096;
      case 4:
        return random_();
      default:
        return number(4096);
    }
  }

  Bytes payload() {
    Bytes bytes;
    const uint64_t words = number(8);
    for (uint64_t i = 0; i < words; ++i) {
      const Bytes word =
          number(2) != 0 ? bytes_of(field()) : bytes_of(static_cast<uint32_t>(field()));
      bytes.insert(bytes.end(), word.begin(), word.end());
    }
    if (number(4) == 0) bytes.resize(number(100), std::byte{0xa5});
    return bytes;
  }

  /// Mostly with a size that fits, so that what follows is looked at too.
  Bytes message(const Bytes& payload) {
    const auto command = static_cast<uint16_t>(number(16) == 0 ? field() : 1 + number(18));
    const auto flags = static_cast<uint32_t>(number(8) == 0 ? field() : number(2) * 0x10);
    auto size = static_cast<uint32_t>(sizeof(Header) + payload.size());
    if (number(200) == 0) size = static_cast<uint32_t>(field());
    Bytes bytes = bytes_of(Header{static_cast<uint16_t>(random_()), command, size, flags, 0});
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return bytes;
  }

  std::vector<int> fds(const std::vector<int>& choice) {
    std::vector<int> some;
    if (number(3) != 0) return some;
    for (uint64_t i = number(number(10) == 0 ? 40 : 3); i > 0; --i) {
      some.push_back(choice[number(choice.size())]);
    }
    return some;
  }

 private:
  std::mt19937_64 random_;
};

/// Whole replies only, as long as some come.
void drain(Client& client) {
  std::array<std::byte, 65536> sink;
  while (recv(client.fd(), sink.data(), sink.size(), MSG_DONTWAIT) > 0) {
  }
}

TEST_CASE("Garbage messages never stop the server") {
  const unsigned seed = GENERATE(range(1u, 9u));
  std::cout << "fuzz seed " << seed << '\n';
  CAPTURE(seed);
  Garbage garbage(seed);
  RunningServer server;
  const UniqueFd memory = make_memory(64 * 4096);
  const UniqueFd event = make_eventfd();
  const std::vector<int> choice = {memory.get(), event.get(), STDIN_FILENO};
  const size_t before = open_descriptors();
  for (int connection = 0; connection < 20; ++connection) {
    Client client(server.path());
    if (garbage.number(8) != 0) REQUIRE(client.version().error() == 0);
    try {
      for (int i = 0; i < 300; ++i) {
        client.send_raw(garbage.message(garbage.payload()), garbage.fds(choice));
        drain(client);
      }
    } catch (const std::runtime_error&) {
      // The server hung up on a message without an end, as it should.
    }
  }
  REQUIRE(server.eventually([&](MemoryFunction&) { return open_descriptors() == before; }));
  Client client(server.path());
  REQUIRE(client.version().error() == 0);
  client.write32(0, 4, 0xfeedc0de);
  CHECK(client.read32(0, 4) == 0xfeedc0de);
}

TEST_CASE("Random bytes never stop the server") {
  const unsigned seed = GENERATE(range(101u, 105u));
  std::cout << "fuzz seed " << seed << '\n';
  CAPTURE(seed);
  std::mt19937 random(seed);
  RunningServer server;
  for (int connection = 0; connection < 50; ++connection) {
    Client client(server.path());
    Bytes bytes(1 + random() % 5000);
    for (std::byte& b : bytes) b = static_cast<std::byte>(random());
    try {
      client.send_raw(bytes);
    } catch (const std::runtime_error&) {
      // Hung up on early.
    }
  }
  Client client(server.path());
  CHECK(client.version().error() == 0);
}

}  // namespace
}  // namespace faultline::protocol_test
