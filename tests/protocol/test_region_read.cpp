// SPDX-License-Identifier: MIT
// REGION_READ: data, bounds and malformed requests.
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

TEST_CASE_METHOD(Connected,
                 "REGION_READ returns what the function holds, and the request's fields") {
  server.on_loop([](MemoryFunction& f) {
    for (size_t i = 0; i < f.bar0.size(); ++i) f.bar0[i] = static_cast<std::byte>(i * 7);
  });
  for (const uint32_t count : {1u, 2u, 3u, 4u, 8u, 64u, 4096u}) {
    CAPTURE(count);
    const uint64_t offset = count == 4096 ? 0 : 12;
    const Reply reply = client.read(0, offset, count);
    REQUIRE(reply.error() == 0);
    REQUIRE(reply.payload.size() == sizeof(RegionAccess) + count);
    const auto access = reply.as<RegionAccess>();
    CHECK(access.offset == offset);
    CHECK(access.region == 0);
    CHECK(access.count == count);
    for (uint32_t i = 0; i < count; ++i) {
      REQUIRE(reply.payload[sizeof(RegionAccess) + i] == static_cast<std::byte>((offset + i) * 7));
    }
  }
}

TEST_CASE_METHOD(Connected, "A BAR larger than 32 bits can be read up to its last byte") {
  CHECK(client.read(2, kBar2Size - 8, 8).error() == 0);
  server.on_loop([](MemoryFunction& f) { CHECK(f.last_offset == kBar2Size - 8); });
  CHECK(client.read(2, kBar2Size - 8, 9).error() == EINVAL);
  CHECK(client.read(2, 0, 1048576).error() == 0);
}

TEST_CASE_METHOD(Connected, "REGION_READ out of bounds is refused") {
  CHECK(client.read(0, kBar0Size, 1).error() == EINVAL);
  CHECK(client.read(0, kBar0Size - 1, 2).error() == EINVAL);
  CHECK(client.read(0, UINT64_MAX, 1).error() == EINVAL);
  CHECK(client.read(0, UINT64_MAX - 3, 8).error() == EINVAL);
  CHECK(client.read(0, 0, 0).error() == EINVAL);
  CHECK(client.read(0, 0, UINT32_MAX).error() == EINVAL);
  CHECK(client.read(2, 0, 1048577).error() == EINVAL);
  CHECK(client.read(1, 0, 4).error() == EINVAL);
  CHECK(client.read(VFIO_PCI_ROM_REGION_INDEX, 0, 4).error() == EINVAL);
  CHECK(client.read(VFIO_PCI_NUM_REGIONS, 0, 4).error() == EINVAL);
  CHECK(client.read(UINT32_MAX, 0, 4).error() == EINVAL);
  CHECK(client.read(VFIO_PCI_CONFIG_REGION_INDEX, 4096, 1).error() == EINVAL);
  CHECK(client.read(0, 0, 4).error() == 0);
}

TEST_CASE_METHOD(Connected, "REGION_READ of the wrong length is refused") {
  CHECK(client.call(Command::kRegionRead, {}).error() == EINVAL);
  CHECK(client.call(Command::kRegionRead, Bytes(15)).error() == EINVAL);
  CHECK(client.call(Command::kRegionRead, bytes_of(RegionAccess{0, 0, 4}, uint32_t{})).error() ==
        EINVAL);
}

}  // namespace
}  // namespace faultline::protocol_test
