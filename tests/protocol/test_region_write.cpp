// SPDX-License-Identifier: MIT
// REGION_WRITE: answered, posted, out of bounds, malformed.
#include <linux/vfio.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using vfio_user::RegionAccess;

struct Connected {
  Connected() : client(server.path()) { client.version(); }
  RunningServer server;
  Client client;
};

TEST_CASE_METHOD(Connected, "REGION_WRITE changes the function and answers without data") {
  const Reply reply = client.write(0, 16, bytes_of(uint64_t{0x1122334455667788}));
  REQUIRE(reply.error() == 0);
  REQUIRE(reply.payload.size() == sizeof(RegionAccess));
  CHECK(reply.as<RegionAccess>().offset == 16);
  CHECK(reply.as<RegionAccess>().count == 8);
  CHECK(client.read32(0, 16) == 0x55667788);
  CHECK(client.read32(0, 20) == 0x11223344);
  CHECK(client.write(0, 0, Bytes(kBar0Size, std::byte{9})).error() == 0);
  CHECK(client.read32(0, kBar0Size - 4) == 0x09090909);
}

TEST_CASE_METHOD(Connected,
                 "Posted writes are done in order before a later read, and not answered") {
  for (uint32_t i = 0; i <= 1000; ++i) {
    client.post(Command::kRegionWrite, bytes_of(RegionAccess{8, 0, 4}, i));
  }
  CHECK(client.read32(0, 8) == 1000);
}

TEST_CASE_METHOD(Connected, "A wrong posted write is dropped without an answer") {
  client.post(Command::kRegionWrite, bytes_of(RegionAccess{kBar0Size, 0, 4}, 1u));
  client.post(Command::kRegionWrite, bytes_of(RegionAccess{0, 77, 4}, 1u));
  CHECK(client.read32(0, 0) == 0);
}

TEST_CASE_METHOD(Connected, "REGION_WRITE out of bounds is refused and writes nothing") {
  const Bytes four = bytes_of(0xffffffffu);
  CHECK(client.write(0, kBar0Size, four).error() == EINVAL);
  CHECK(client.write(0, kBar0Size - 3, four).error() == EINVAL);
  CHECK(client.write(0, UINT64_MAX, four).error() == EINVAL);
  CHECK(client.write(0, UINT64_MAX - 3, four).error() == EINVAL);
  CHECK(client.write(0, 0, {}).error() == EINVAL);
  CHECK(client.write(1, 0, four).error() == EINVAL);
  CHECK(client.write(VFIO_PCI_NUM_REGIONS, 0, four).error() == EINVAL);
  CHECK(client.read32(0, kBar0Size - 4) == 0);
}

TEST_CASE_METHOD(Connected, "REGION_WRITE whose count is not its data's length is refused") {
  const auto error = [&](const Bytes& payload) {
    return client.call(Command::kRegionWrite, payload).error();
  };
  CHECK(error(bytes_of(RegionAccess{0, 0, 8}, 1u)) == EINVAL);
  CHECK(error(bytes_of(RegionAccess{0, 0, 2}, 1u)) == EINVAL);
  CHECK(error(bytes_of(RegionAccess{0, 0, UINT32_MAX}, 1u)) == EINVAL);
  CHECK(error(Bytes(12)) == EINVAL);
  CHECK(error({}) == EINVAL);
  CHECK(client.read32(0, 0) == 0);
}

TEST_CASE_METHOD(Connected, "The largest message that was agreed on is taken") {
  CHECK(client.write(2, 0, Bytes(1048576)).error() == 0);
  CHECK(client.read(0, 0, 4).error() == 0);
}

}  // namespace
}  // namespace faultline::protocol_test
