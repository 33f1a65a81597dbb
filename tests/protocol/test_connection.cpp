// SPDX-License-Identifier: MIT
// Clients that come, go and compete; socket files left, taken and wrong.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cerrno>
#include <fstream>
#include <optional>

#include "qemu_device/vfio_user/listener.hpp"
#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using vfio_user::Listener;

TEST_CASE("A client that goes away takes memory and eventfds along and resets the function") {
  RunningServer server;
  const UniqueFd memory = make_memory(4096);
  const UniqueFd event = make_eventfd();
  const size_t before = open_descriptors();
  for (unsigned round = 1; round <= 5; ++round) {
    Client client(server.path());
    REQUIRE(client.version().error() == 0);
    REQUIRE(client.dma_map(0, 4096, memory.get()).error() == 0);
    client.set_bus_master(true);
    REQUIRE(client.set_eventfds(1, 0, 1, {event.get()}).error() == 0);
    CHECK(events(event) == (round == 1 ? 0 : 1));  // raised while nobody was there
    client.write32(0, 0, round);
    {
      const Client gone = std::move(client);
    }
    REQUIRE(server.eventually([&](MemoryFunction& f) { return f.resets.size() == 1 + round; }));
    server.on_loop([](MemoryFunction& f) {
      CHECK(f.resets.back() == pci::ResetKind::kBus);
      CHECK(f.host->dma().span(0, 1, false).empty());
      f.host->raise(0);
    });
    CHECK(events(event) == 0);
    CHECK(open_descriptors() == before);
  }
}

TEST_CASE("Posted writes that a client sent before it went away are done") {
  RunningServer server;
  {
    Client client(server.path());
    client.version();
    for (int i = 0; i < 3000; ++i) {
      client.post(Command::kRegionWrite,
                  bytes_of(vfio_user::RegionAccess{uint64_t{4} * (i % 1000), 0, 4}, 1u));
    }
  }
  CHECK(server.eventually([](MemoryFunction& f) { return f.resets.size() == 2; }));
  server.on_loop([](MemoryFunction& f) { CHECK(f.last_offset == 4 * 999); });
}

TEST_CASE("A client that never said VERSION does not reset the function") {
  RunningServer server;
  {
    const Client probe(server.path());
  }
  Client client(server.path());
  CHECK(client.version().error() == 0);
  server.on_loop([](MemoryFunction& f) { CHECK(f.resets.size() == 1); });
}

TEST_CASE("A second client is turned away at once, and the first does not notice") {
  RunningServer server;
  Client first(server.path());
  REQUIRE(first.version().error() == 0);
  Client second(server.path());
  CHECK(second.closed_by_server());
  CHECK(first.read(0, 0, 4).error() == 0);
}

TEST_CASE("A client that connects right after another has gone is served") {
  RunningServer server;
  for (int i = 0; i < 200; ++i) {
    Client client(server.path());
    REQUIRE(client.version().error() == 0);
    client.post(Command::kRegionWrite, bytes_of(vfio_user::RegionAccess{0, 0, 4}, 1u));
  }
}

TEST_CASE("A path where another server listens is refused, and left alone") {
  RunningServer server;
  CHECK_THROWS_MATCHES(
      Listener(server.path()), std::runtime_error,
      MessageMatches(ContainsSubstring("socket " + server.path() +
                                       " is in use by another device; stop that one "
                                       "or choose another socket path")));
  Client client(server.path());
  CHECK(client.version().error() == 0);
}

TEST_CASE("A socket file that a dead server left is replaced") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("s");
  {
    const UniqueFd dead(socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    REQUIRE(bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  }
  REQUIRE(std::filesystem::exists(path));
  Listener listener(path);
  const Client client(path);
  CHECK(listener.accept());
}

TEST_CASE("A listener removes its own socket file and no other") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("s");
  {
    const Listener listener(path);
  }
  CHECK(!std::filesystem::exists(path));
  std::optional<Listener> first(path);
  std::filesystem::remove(path);
  const Listener second(path);
  first.reset();
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("A path that cannot be a socket is refused with cause and remedy") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("file");
  std::ofstream(file) << "precious";
  CHECK_THROWS_MATCHES(Listener(file), std::runtime_error,
                       MessageMatches(ContainsSubstring("is not a socket")));
  CHECK(std::filesystem::file_size(file) == 8);
  CHECK_THROWS_MATCHES(Listener(directory.file("no/such/directory")), std::runtime_error,
                       MessageMatches(ContainsSubstring("No such file or directory")));
  CHECK_THROWS_MATCHES(Listener(directory.file(std::string(200, 'x'))), std::runtime_error,
                       MessageMatches(ContainsSubstring("choose a shorter one")));
  CHECK_THROWS_MATCHES(Listener(""), std::runtime_error,
                       MessageMatches(ContainsSubstring("must have 1 to 107 characters")));
}

}  // namespace
}  // namespace faultline::protocol_test
