// SPDX-License-Identifier: MIT
// The byte stream under the messages: pieces, floods, wrong headers and stray descriptors.
#include <sys/socket.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <thread>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using vfio_user::DeviceInfo;
using vfio_user::RegionAccess;

struct Connected {
  Connected() : client(server.path()) { client.version(); }
  RunningServer server;
  Client client;
};

void append(Bytes& stream, const Bytes& bytes) {
  stream.insert(stream.end(), bytes.begin(), bytes.end());
}

TEST_CASE_METHOD(Connected, "A message that arrives byte by byte is answered once it is whole") {
  const Bytes write = message(1, Command::kRegionWrite, bytes_of(RegionAccess{0, 0, 4}, 42u));
  for (const std::byte b : write) {
    client.send_raw(std::span(&b, 1));
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  CHECK(client.receive()->header.id == 1);
  CHECK(client.read32(0, 0) == 42);
}

TEST_CASE_METHOD(Connected, "Pipelined messages are answered in order, however the stream is cut") {
  Bytes stream;
  constexpr uint16_t kMessages = 500;
  for (uint16_t i = 0; i < kMessages; ++i) {
    append(stream, message(i, Command::kRegionWrite, bytes_of(RegionAccess{0, 0, 4}, uint32_t{i})));
    append(stream, message(i, Command::kRegionRead, bytes_of(RegionAccess{0, 0, 4})));
  }
  for (const size_t piece : {size_t{7}, size_t{1000}, stream.size()}) {
    for (size_t at = 0; at < stream.size(); at += piece) {
      client.send_raw(std::span(stream).subspan(at, std::min(piece, stream.size() - at)));
    }
    for (uint16_t i = 0; i < kMessages; ++i) {
      REQUIRE(client.receive()->header.id == i);
      const Reply reply = *client.receive();
      REQUIRE(reply.header.id == i);
      REQUIRE(vfio_user::load<uint32_t>(std::span(reply.payload).subspan(16)) == i);
    }
  }
}

TEST_CASE_METHOD(Connected, "An impossible size is answered with EINVAL and ends the connection") {
  uint32_t size = 0;
  SECTION("zero") { size = 0; }
  SECTION("shorter than a header") { size = 15; }
  SECTION("longer than was agreed on") { size = vfio_user::kMaxMessageSize + 1; }
  SECTION("all ones") { size = UINT32_MAX; }
  client.send_raw(bytes_of(Header{77, static_cast<uint16_t>(Command::kRegionRead), size, 0, 0}));
  const auto reply = client.receive();
  REQUIRE(reply);
  CHECK(reply->header.id == 77);
  CHECK(reply->error() == EINVAL);
  CHECK(client.closed_by_server());
  Client next(server.path());
  CHECK(next.version().error() == 0);
}

TEST_CASE_METHOD(Connected, "A flagged type that is no command is refused") {
  for (const uint32_t type : {1u, 2u, 7u, 15u}) {
    CAPTURE(type);
    client.send_raw(message(5, Command::kDeviceGetInfo, bytes_of(DeviceInfo{16, 0, 0, 0}), type));
    const auto reply = client.receive();
    REQUIRE(reply);
    CHECK(reply->error() == EINVAL);
  }
  CHECK(client.read(0, 0, 4).error() == 0);
}

TEST_CASE_METHOD(Connected, "A command that asks for no reply gets none, not even an error") {
  client.post(Command::kDeviceGetInfo, bytes_of(DeviceInfo{16, 0, 0, 0}));
  client.post(Command::kDeviceGetInfo, {});
  client.post(static_cast<Command>(999), {});
  client.post(Command::kRegionRead, bytes_of(RegionAccess{0, 0, 4}));
  const uint16_t id = client.next_id();
  client.send_raw(message(id, Command::kDeviceGetInfo, bytes_of(DeviceInfo{16, 0, 0, 0})));
  CHECK(client.receive()->header.id == id);
}

TEST_CASE_METHOD(Connected, "Descriptors on a message that takes none are refused and closed") {
  const size_t before = open_descriptors();
  const UniqueFd memory = make_memory(4096);
  const int fd = memory.get();
  CHECK(client.call(Command::kRegionRead, bytes_of(RegionAccess{0, 0, 4}), {fd}).error() == EINVAL);
  CHECK(client.call(Command::kDeviceReset, {}, {fd, fd}).error() == EINVAL);
  CHECK(client.call(static_cast<Command>(99), {}, {fd}).error() == EINVAL);
  client.post(Command::kRegionWrite, bytes_of(RegionAccess{0, 0, 4}, 1u), {fd});
  CHECK(client.read32(0, 0) == 0);
  CHECK(open_descriptors() == before + 1);
}

TEST_CASE_METHOD(Connected, "More descriptors than were agreed on are refused and closed") {
  const UniqueFd event = make_eventfd();
  const size_t before = open_descriptors();
  const std::vector<int> seventeen(17, event.get());
  const std::vector<int> most(253, event.get());
  const vfio_user::IrqSet request{20, 0x24, 1, 0, 1};
  CHECK(client.call(Command::kDeviceSetIrqs, bytes_of(request), seventeen).error() == EINVAL);
  CHECK(client.call(Command::kDeviceSetIrqs, bytes_of(request), most).error() == EINVAL);
  CHECK(open_descriptors() == before);
  // The same message's bytes may bring descriptors again and again.
  const Bytes whole = message(9, Command::kDeviceSetIrqs, bytes_of(request));
  for (const std::byte& b : whole) client.send_raw(std::span(&b, 1), {event.get()});
  CHECK(client.receive()->error() == EINVAL);
  CHECK(open_descriptors() == before);
}

TEST_CASE_METHOD(Connected, "Descriptors stay with their message among others") {
  const UniqueFd memory = make_memory(3 * 4096);
  for (uint64_t i = 0; i < 3; ++i) {
    client.post(Command::kRegionWrite, bytes_of(RegionAccess{0, 0, 4}, 1u));
    const vfio_user::DmaMap map{32, 3, i * 4096, i * 4096, 4096};
    client.post(Command::kDmaMap, bytes_of(map), {memory.get()});
    client.post(Command::kRegionWrite, bytes_of(RegionAccess{0, 0, 4}, 2u));
  }
  client.set_bus_master(true);
  server.on_loop([](MemoryFunction& f) {
    std::vector<std::byte> all(3 * 4096);
    CHECK(f.host->dma().read(0, all));
  });
}

TEST_CASE_METHOD(Connected, "Descriptors may come with the header and the payload later") {
  const UniqueFd memory = make_memory(4096);
  const Bytes whole = message(3, Command::kDmaMap, bytes_of(vfio_user::DmaMap{32, 3, 0, 0, 4096}));
  client.send_raw(std::span(whole).first(16), {memory.get()});
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  client.send_raw(std::span(whole).subspan(16));
  CHECK(client.receive()->error() == 0);
  client.set_bus_master(true);
  server.on_loop(
      [](MemoryFunction& f) { CHECK(f.host->dma().span(0, 4096, true).size() == 4096); });
}

TEST_CASE_METHOD(Connected, "A client that dies in the middle of a message leaves nothing behind") {
  const size_t before = open_descriptors();
  const UniqueFd memory = make_memory(4096);
  {
    Client second = std::move(client);
    const Bytes whole = message(3, Command::kDmaMap, Bytes(32));
    second.send_raw(std::span(whole).first(20), {memory.get()});
  }
  CHECK(server.eventually([](MemoryFunction& f) { return f.resets.size() == 2; }));
  CHECK(open_descriptors() == before + 1 - 2);
}

}  // namespace
}  // namespace faultline::protocol_test
