// SPDX-License-Identifier: MIT
// DMA_UNMAP: exact ranges, all ranges, and nothing else.
#include <linux/vfio.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

constexpr uint64_t kPage = 4096;

struct TwoMaps {
  TwoMaps() : client(server.path()) {
    client.version();
    client.set_bus_master(true);
    REQUIRE(client.dma_map(0, 2 * kPage, memory.get()).error() == 0);
    REQUIRE(client.dma_map(2 * kPage, kPage, memory.get(), 2 * kPage).error() == 0);
  }
  bool reachable(uint64_t address) {
    bool result = false;
    server.on_loop([&](MemoryFunction& function) {
      result = !function.host->dma().span(address, 1, true).empty();
    });
    return result;
  }
  RunningServer server;
  Client client;
  UniqueFd memory = make_memory(4 * kPage);
};

TEST_CASE_METHOD(TwoMaps, "DMA_UNMAP echoes its request and takes the range away") {
  const Reply reply = client.dma_unmap(0, 2 * kPage);
  REQUIRE(reply.error() == 0);
  const auto echoed = reply.as<vfio_user::DmaUnmap>();
  CHECK(echoed.address == 0);
  CHECK(echoed.size == 2 * kPage);
  CHECK(!reachable(0));
  CHECK(reachable(2 * kPage));
}

TEST_CASE_METHOD(TwoMaps, "Only an exact range can be unmapped") {
  CHECK(client.dma_unmap(0, kPage).error() == ENOENT);
  CHECK(client.dma_unmap(kPage, kPage).error() == ENOENT);
  CHECK(client.dma_unmap(0, 3 * kPage).error() == ENOENT);
  CHECK(client.dma_unmap(16 * kPage, kPage).error() == ENOENT);
  CHECK(client.dma_unmap(UINT64_MAX, UINT64_MAX).error() == ENOENT);
  CHECK(client.dma_unmap(0, 0).error() == ENOENT);
  CHECK(reachable(0));
  CHECK(reachable(2 * kPage));
}

TEST_CASE_METHOD(TwoMaps, "The flag ALL unmaps everything, and only without a range") {
  const auto all = [&](uint64_t address, uint64_t size) {
    const vfio_user::DmaUnmap request{24, VFIO_DMA_UNMAP_FLAG_ALL, address, size};
    return client.call(Command::kDmaUnmap, bytes_of(request)).error();
  };
  CHECK(all(0, kPage) == EINVAL);
  CHECK(all(kPage, 0) == EINVAL);
  CHECK(reachable(0));
  CHECK(all(0, 0) == 0);
  CHECK(!reachable(0));
  CHECK(!reachable(2 * kPage));
}

TEST_CASE_METHOD(TwoMaps, "Malformed DMA_UNMAP messages are refused and change nothing") {
  const auto refused = [&](vfio_user::DmaUnmap request, std::vector<int> fds = {}) {
    return client.call(Command::kDmaUnmap, bytes_of(request), std::move(fds)).error();
  };
  CHECK(refused({23, 0, 0, 2 * kPage}) == EINVAL);
  CHECK(refused({24, VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP, 0, 2 * kPage}) == ENOTSUP);
  CHECK(refused({24, 0x10, 0, 2 * kPage}) == EINVAL);
  CHECK(refused({24, 0, 0, 2 * kPage}, {memory.get()}) == EINVAL);
  CHECK(client.call(Command::kDmaUnmap, Bytes(23)).error() == EINVAL);
  CHECK(client.call(Command::kDmaUnmap, Bytes(25)).error() == EINVAL);
  CHECK(reachable(0));
}

TEST_CASE_METHOD(TwoMaps, "What was unmapped can be mapped again") {
  for (int i = 0; i < 100; ++i) {
    REQUIRE(client.dma_unmap(0, 2 * kPage).error() == 0);
    REQUIRE(client.dma_map(0, 2 * kPage, memory.get()).error() == 0);
  }
  CHECK(reachable(0));
}

}  // namespace
}  // namespace faultline::protocol_test
