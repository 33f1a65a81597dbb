// SPDX-License-Identifier: MIT
// REGION_WRITE_MULTI: what QEMU sends when its queue is long.
#include <linux/vfio.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using vfio_user::MultiWrite;

MultiWrite write_of(uint64_t offset, uint32_t region, uint32_t count, uint64_t value) {
  MultiWrite write{offset, region, count, {}};
  std::memcpy(write.data, &value, sizeof(value));
  return write;
}

Bytes multi(const std::vector<MultiWrite>& writes) {
  Bytes payload = bytes_of(uint64_t{writes.size()});
  for (const MultiWrite& write : writes) {
    const Bytes bytes = bytes_of(write);
    payload.insert(payload.end(), bytes.begin(), bytes.end());
  }
  return payload;
}

struct Connected {
  Connected() : client(server.path()) { client.version(); }
  RunningServer server;
  Client client;
};

TEST_CASE_METHOD(Connected, "REGION_WRITE_MULTI does all its writes in order") {
  std::vector<MultiWrite> writes;
  for (uint64_t i = 0; i < 200; ++i) writes.push_back(write_of(i * 8, 0, 8, i));
  writes.push_back(write_of(0, 0, 2, 0xabcd));
  const Reply reply = client.call(Command::kRegionWriteMulti, multi(writes));
  REQUIRE(reply.error() == 0);
  CHECK(reply.as<uint64_t>() == 201);
  CHECK(client.read32(0, 199 * 8) == 199);
  CHECK(client.read32(0, 0) == 0xabcd);
}

TEST_CASE_METHOD(Connected, "REGION_WRITE_MULTI without reply, as QEMU sends it") {
  client.post(Command::kRegionWriteMulti, multi({write_of(4, 0, 4, 1), write_of(4, 0, 4, 2)}));
  CHECK(client.read32(0, 4) == 2);
}

TEST_CASE_METHOD(Connected, "One wrong write refuses the whole REGION_WRITE_MULTI") {
  const MultiWrite good = write_of(0, 0, 4, 1);
  for (const MultiWrite& bad :
       {write_of(0, 0, 9, 1), write_of(0, 0, 0, 1), write_of(kBar0Size, 0, 4, 1),
        write_of(UINT64_MAX, 0, 4, 1), write_of(0, 9, 4, 1), write_of(0, 5, 4, 1)}) {
    CHECK(client.call(Command::kRegionWriteMulti, multi({good, bad})).error() == EINVAL);
  }
  CHECK(client.read32(0, 0) == 0);
}

TEST_CASE_METHOD(Connected, "REGION_WRITE_MULTI whose count is not its length is refused") {
  const auto error = [&](const Bytes& payload) {
    return client.call(Command::kRegionWriteMulti, payload).error();
  };
  Bytes payload = multi({write_of(0, 0, 4, 1)});
  for (const uint64_t count : {uint64_t{0}, uint64_t{2}, UINT64_MAX, UINT64_MAX / 24 + 1}) {
    std::memcpy(payload.data(), &count, sizeof(count));
    CHECK(error(payload) == EINVAL);
  }
  payload = multi({write_of(0, 0, 4, 1)});
  payload.push_back(std::byte{0});
  CHECK(error(payload) == EINVAL);
  CHECK(error(multi({})) == EINVAL);
  CHECK(error({}) == EINVAL);
  CHECK(error(Bytes(7)) == EINVAL);
  CHECK(client.read32(0, 0) == 0);
}

TEST_CASE("REGION_WRITE_MULTI is refused unless it was agreed on") {
  RunningServer server;
  Client client(server.path());
  client.version("");
  CHECK(client.call(Command::kRegionWriteMulti, multi({write_of(0, 0, 4, 1)})).error() == EINVAL);
}

}  // namespace
}  // namespace faultline::protocol_test
