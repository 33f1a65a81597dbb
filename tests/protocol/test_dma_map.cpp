// SPDX-License-Identifier: MIT
// DMA_MAP: what becomes reachable, and what is refused.
#include <fcntl.h>
#include <sys/mman.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

constexpr uint64_t kPage = 4096;
constexpr uint32_t kRead = 1;
constexpr uint32_t kWrite = 2;

struct Mapped {
  Mapped() : client(server.path()) {
    client.version();
    client.set_bus_master(true);
  }
  bool reachable(uint64_t address, size_t size, bool write) {
    bool result = false;
    server.on_loop([&](MemoryFunction& function) {
      result = function.host->dma().span(address, size, write).size() == size;
    });
    return result;
  }
  RunningServer server;
  Client client;
  UniqueFd memory = make_memory(16 * kPage);
};

TEST_CASE_METHOD(Mapped, "DMA_MAP makes the client's memory the device's") {
  REQUIRE(client.dma_map(0x100000, 4 * kPage, memory.get(), 2 * kPage).error() == 0);
  server.on_loop([&](MemoryFunction& function) {
    const auto span = function.host->dma().span(0x100000 + kPage, 8, true);
    REQUIRE(span.size() == 8);
    span[0] = std::byte{0x5a};
  });
  std::byte seen{};
  REQUIRE(pread(memory.get(), &seen, 1, 3 * kPage) == 1);
  CHECK(seen == std::byte{0x5a});
}

TEST_CASE_METHOD(Mapped, "DMA_MAP answers with a bare header and tells the function") {
  unsigned before = 0;
  server.on_loop([&](MemoryFunction& f) { before = f.dma_changes; });
  const Reply reply = client.dma_map(0, kPage, memory.get());
  CHECK(reply.error() == 0);
  CHECK(reply.payload.empty());
  server.on_loop([&](MemoryFunction& f) { CHECK(f.dma_changes == before + 1); });
}

TEST_CASE_METHOD(Mapped, "Permissions of a map bind the device") {
  REQUIRE(client.dma_map(0, kPage, memory.get(), 0, kRead).error() == 0);
  REQUIRE(client.dma_map(kPage, kPage, memory.get(), 0, kWrite).error() == 0);
  CHECK(reachable(0, 1, false));
  CHECK(!reachable(0, 1, true));
  CHECK(!reachable(kPage, 1, false));
  CHECK(reachable(kPage, 1, true));
}

TEST_CASE_METHOD(Mapped, "A map without a descriptor is known but cannot be reached") {
  REQUIRE(client.dma_map(0, kPage, -1).error() == 0);
  CHECK(!reachable(0, 1, false));
  CHECK(client.dma_map(0, kPage, memory.get()).error() == EEXIST);
  CHECK(client.dma_unmap(0, kPage).error() == 0);
}

TEST_CASE_METHOD(Mapped, "Several maps may share one file, each with its own descriptor") {
  const UniqueFd copy(dup(memory.get()));
  REQUIRE(client.dma_map(0, kPage, memory.get()).error() == 0);
  REQUIRE(client.dma_map(kPage, kPage, copy.get()).error() == 0);
  server.on_loop([](MemoryFunction& f) {
    CHECK(f.host->dma().write(16, std::as_bytes(std::span("shared"))));
    char seen[7] = {};
    CHECK(f.host->dma().read(kPage + 16, std::as_writable_bytes(std::span(seen))));
    CHECK(std::string_view(seen) == "shared");
  });
}

TEST_CASE_METHOD(Mapped, "Overlapping maps are refused with EEXIST") {
  REQUIRE(client.dma_map(4 * kPage, 4 * kPage, memory.get()).error() == 0);
  for (const auto& [address, size] : std::vector<std::pair<uint64_t, uint64_t>>{
           {4, 4}, {3, 2}, {7, 2}, {5, 1}, {0, 16}, {4, 1}, {7, 1}}) {
    CAPTURE(address, size);
    CHECK(client.dma_map(address * kPage, size * kPage, memory.get()).error() == EEXIST);
  }
  CHECK(client.dma_map(3 * kPage, kPage, memory.get()).error() == 0);
  CHECK(client.dma_map(8 * kPage, kPage, memory.get()).error() == 0);
}

TEST_CASE_METHOD(Mapped, "The highest page of the address space can be mapped, one beyond cannot") {
  const uint64_t last = UINT64_MAX - kPage + 1;
  CHECK(client.dma_map(last, 2 * kPage, memory.get()).error() == EINVAL);
  REQUIRE(client.dma_map(last, kPage, memory.get()).error() == 0);
  CHECK(reachable(UINT64_MAX, 1, true));
  CHECK(!reachable(UINT64_MAX, 2, true));
  CHECK(client.dma_map(0, kPage, memory.get()).error() == 0);
  CHECK(!reachable(UINT64_MAX, 2, true));
  bool wrapped = true;
  server.on_loop([&](MemoryFunction& f) {
    std::array<std::byte, 2> two{};
    wrapped = f.host->dma().read(UINT64_MAX, two);
  });
  CHECK(!wrapped);
}

TEST_CASE_METHOD(Mapped, "Malformed DMA_MAP messages are refused and change nothing") {
  const auto refused = [&](vfio_user::DmaMap request, std::vector<int> fds) {
    return client.call(Command::kDmaMap, bytes_of(request), std::move(fds)).error();
  };
  const int fd = memory.get();
  const vfio_user::DmaMap good{32, 3, 0, 0, kPage};
  auto changed = [&](auto change) {
    vfio_user::DmaMap request = good;
    change(request);
    return request;
  };
  CHECK(refused(changed([](auto& r) { r.argsz = 31; }), {fd}) == EINVAL);
  CHECK(refused(changed([](auto& r) { r.flags = 0; }), {fd}) == EINVAL);
  CHECK(refused(changed([](auto& r) { r.flags = 4; }), {fd}) == EINVAL);
  CHECK(refused(changed([](auto& r) { r.flags = 0x80000003; }), {fd}) == EINVAL);
  CHECK(refused(changed([](auto& r) { r.size = 0; }), {fd}) == EINVAL);
  CHECK(refused(changed([](auto& r) { r.size = 100; }), {fd}) == EINVAL);
  CHECK(refused(changed([](auto& r) { r.address = 8; }), {fd}) == EINVAL);
  CHECK(refused(changed([](auto& r) { r.offset = 8; }), {fd}) == EINVAL);
  CHECK(refused(changed([](auto& r) { r.size = 17 * kPage; }), {fd}) == EINVAL);
  CHECK(refused(changed([](auto& r) { r.offset = 16 * kPage; }), {fd}) == EINVAL);
  CHECK(refused(changed([](auto& r) { r.offset = UINT64_MAX - kPage + 1; }), {fd}) == EINVAL);
  CHECK(refused(good, {fd, fd}) == EINVAL);
  CHECK(client.call(Command::kDmaMap, Bytes(31), {fd}).error() == EINVAL);
  CHECK(client.call(Command::kDmaMap, Bytes(33), {fd}).error() == EINVAL);
  CHECK(client.call(Command::kDmaMap, {}, {fd}).error() == EINVAL);
  CHECK(!reachable(0, 1, false));
  CHECK(refused(good, {fd}) == 0);
}

TEST_CASE_METHOD(Mapped, "A descriptor that cannot be mapped is refused with a reason") {
  const UniqueFd event = make_eventfd();
  CHECK(client.dma_map(0, kPage, event.get()).error() == EINVAL);
  const std::string link = "/proc/self/fd/" + std::to_string(memory.get());
  const UniqueFd read_only(open(link.c_str(), O_RDONLY | O_CLOEXEC));
  CHECK(client.dma_map(0, kPage, read_only.get()).error() == EACCES);
  CHECK(client.dma_map(0, kPage, read_only.get(), 0, kRead).error() == 0);
}

TEST_CASE_METHOD(Mapped, "No DMA_MAP leaks its descriptor") {
  const size_t before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    client.dma_map(0, kPage, memory.get());
    client.dma_map(0, kPage, memory.get());  // refused
    client.call(Command::kDmaMap, Bytes(5), {memory.get(), memory.get(), memory.get()});
    client.dma_unmap(0, kPage);
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE_METHOD(Mapped, "65535 maps are taken, one more is refused with ENOSPC") {
  for (uint64_t i = 0; i < vfio_user::kMaxDmaMaps; ++i) {
    const vfio_user::DmaMap request{32, 3, 0, 2 * i * kPage, kPage};
    client.post(Command::kDmaMap, bytes_of(request));
  }
  CHECK(client.dma_map(kPage, kPage, -1).error() == ENOSPC);
  CHECK(client.dma_unmap(0, kPage).error() == 0);
  CHECK(client.dma_map(kPage, kPage, -1).error() == 0);
}

}  // namespace
}  // namespace faultline::protocol_test
