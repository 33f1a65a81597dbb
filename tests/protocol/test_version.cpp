// SPDX-License-Identifier: MIT
// VERSION: the handshake, what it agrees on, and what comes before it.
#include <catch2/catch_test_macros.hpp>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

nlohmann::json capabilities_of(const Reply& reply) {
  const auto* text = reinterpret_cast<const char*>(reply.payload.data()) + 4;
  REQUIRE(reply.payload.back() == std::byte{0});
  return nlohmann::json::parse(text).at("capabilities");
}

TEST_CASE("VERSION answers QEMU's proposal with a subset of it") {
  RunningServer server;
  Client client(server.path());
  const Reply reply = client.version();
  REQUIRE(reply.error() == 0);
  CHECK(reply.as<vfio_user::VersionNumbers>().major == 0);
  CHECK(reply.as<vfio_user::VersionNumbers>().minor == 0);
  const auto capabilities = capabilities_of(reply);
  CHECK(capabilities.at("max_msg_fds") == 16);
  CHECK(capabilities.at("max_data_xfer_size") == 1048576);
  CHECK(capabilities.at("max_dma_maps") == 65535);
  CHECK(capabilities.at("pgsizes") == 4096);
  CHECK(capabilities.at("write_multiple") == true);
  CHECK(!capabilities.contains("migration"));
}

TEST_CASE("VERSION offers nothing that was not proposed") {
  RunningServer server;
  Client client(server.path());
  SECTION("without version data") { CHECK(capabilities_of(client.version("")).empty()); }
  SECTION("with unknown capabilities only") {
    CHECK(capabilities_of(client.version(R"({"capabilities":{"x":[1,{"y":"z"}]},"more":null})"))
              .empty());
  }
  SECTION("with write_multiple false") {
    CHECK(!capabilities_of(client.version(R"({"capabilities":{"write_multiple":false}})"))
               .contains("write_multiple"));
  }
}

TEST_CASE("VERSION never answers a higher minor than it was asked") {
  RunningServer server;
  Client client(server.path());
  const Reply reply = client.call(Command::kVersion, version_payload("", 0, 9));
  REQUIRE(reply.error() == 0);
  CHECK(reply.as<vfio_user::VersionNumbers>().minor <= 9);
}

TEST_CASE("VERSION refuses what it cannot agree to, and a right one may follow") {
  RunningServer server;
  Client client(server.path());
  const auto refused = [&](const Bytes& payload) {
    return client.call(Command::kVersion, payload).error();
  };
  CHECK(refused(version_payload("", 1)) == ENOTSUP);
  CHECK(refused({}) == EINVAL);
  CHECK(refused(Bytes(3)) == EINVAL);
  CHECK(refused(version_payload("{")) == EINVAL);
  CHECK(refused(version_payload("{} {}")) == EINVAL);
  CHECK(refused(version_payload(R"({"capabilities":{"max_msg_fds":"16"}})")) == EINVAL);
  CHECK(refused(version_payload(R"({"capabilities":{"max_data_xfer_size":-1}})")) == EINVAL);
  CHECK(refused(version_payload(R"({"capabilities":{"max_data_xfer_size":0}})")) == EINVAL);
  CHECK(refused(version_payload(R"({"capabilities":{"pgsizes":65536}})")) == EINVAL);
  CHECK(refused(version_payload(R"({"capabilities":{"write_multiple":1}})")) == EINVAL);
  Bytes unterminated = version_payload("{}");
  unterminated.pop_back();
  CHECK(refused(unterminated) == EINVAL);
  Bytes two_strings = version_payload("{}");
  two_strings.insert(two_strings.end(), 2, std::byte{0});
  CHECK(refused(two_strings) == EINVAL);
  CHECK(client.version().error() == 0);
}

TEST_CASE("Before VERSION every other command is refused; after it, a second VERSION") {
  RunningServer server;
  Client client(server.path());
  CHECK(
      client.call(Command::kDeviceGetInfo, bytes_of(vfio_user::DeviceInfo{16, 0, 0, 0})).error() ==
      EINVAL);
  CHECK(client.read(0, 0, 4).error() == EINVAL);
  const UniqueFd memory = make_memory(4096);
  CHECK(client.dma_map(0, 4096, memory.get()).error() == EINVAL);
  REQUIRE(client.version().error() == 0);
  CHECK(client.version().error() == EINVAL);
  CHECK(client.read(0, 0, 4).error() == 0);
}

}  // namespace
}  // namespace faultline::protocol_test
