// SPDX-License-Identifier: MIT
// The device's side of DMA: bounds, ranges side by side, and bus-master enable.
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>

#include "qemu_device/vfio_user/dma_table.hpp"
#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

constexpr uint64_t kPage = 4096;

TEST_CASE("Bus-master enable opens and closes guest memory") {
  RunningServer server;
  Client client(server.path());
  client.version();
  const UniqueFd memory = make_memory(kPage);
  client.dma_map(0, kPage, memory.get());
  const auto reaches = [&] {
    bool span = false;
    bool read = false;
    bool write = false;
    server.on_loop([&](MemoryFunction& f) {
      std::array<std::byte, 4> data{};
      span = !f.host->dma().span(0, 4, false).empty();
      read = f.host->dma().read(0, data);
      write = f.host->dma().write(0, data);
    });
    CHECK(span == read);
    CHECK(span == write);
    return span;
  };
  CHECK(!reaches());
  client.set_bus_master(true);
  CHECK(reaches());
  client.set_bus_master(false);
  CHECK(!reaches());
}

TEST_CASE("The function hears of every change of bus-master enable, and of no other write") {
  RunningServer server;
  Client client(server.path());
  client.version();
  const auto changes = [&] {
    unsigned count = 0;
    server.on_loop([&](MemoryFunction& f) { count = f.dma_changes; });
    return count;
  };
  const unsigned before = changes();
  client.set_bus_master(true);
  CHECK(changes() == before + 1);
  client.set_bus_master(true);
  CHECK(changes() == before + 1);
  client.set_bus_master(false);
  CHECK(changes() == before + 2);
}

TEST_CASE("Copies cross ranges, spans do not, and a gap stops both before a byte is copied") {
  vfio_user::DmaTable table;
  const UniqueFd memory = make_memory(4 * kPage);
  const auto map = [&](uint64_t page, uint64_t file_page) {
    return table.map({.address = page * kPage,
                      .size = kPage,
                      .offset = file_page * kPage,
                      .readable = true,
                      .writable = true,
                      .host = nullptr},
                     UniqueFd(dup(memory.get())));
  };
  REQUIRE(map(0, 3) == 0);
  REQUIRE(map(1, 0) == 0);
  REQUIRE(map(3, 1) == 0);
  const std::vector<std::byte> ones(2 * kPage, std::byte{1});
  std::vector<std::byte> out(2 * kPage);
  CHECK(table.span(kPage - 4, 8, vfio_user::DmaAccess::kRead).empty());
  CHECK(table.write(0, ones));
  CHECK(table.read(0, out));
  CHECK(out == ones);
  const std::vector<std::byte> twos(3 * kPage, std::byte{2});
  CHECK(!table.write(kPage, twos));
  CHECK(table.read(0, out));
  CHECK(out == ones);
  CHECK(!table.read(2 * kPage - 1, std::span(out).first(2)));
  CHECK(!table.read(5 * kPage, std::span(out).first(1)));
  CHECK(table.read(5 * kPage, {}));
}

TEST_CASE("Random maps and unmaps agree with a page-by-page model") {
  const unsigned seed = 20261;
  CAPTURE(seed);
  std::mt19937 random(seed);
  vfio_user::DmaTable table;
  std::map<uint64_t, uint64_t> model;  // first page -> pages
  const auto owner = [&](uint64_t page) {
    auto it = model.upper_bound(page);
    if (it == model.begin()) return model.end();
    --it;
    return page < it->first + it->second ? it : model.end();
  };
  for (int step = 0; step < 20000; ++step) {
    const uint64_t page = random() % 64;
    const uint64_t pages = 1 + random() % 8;
    if (random() % 2 == 0) {
      bool free = true;
      for (uint64_t p = page; p < page + pages; ++p) free &= owner(p) == model.end();
      const int error = table.map({.address = page * kPage,
                                   .size = pages * kPage,
                                   .offset = 0,
                                   .readable = true,
                                   .writable = true,
                                   .host = nullptr},
                                  {});
      REQUIRE((error == 0) == free);
      if (free) model[page] = pages;
    } else {
      const auto it = model.find(page);
      const bool exact = it != model.end() && it->second == pages;
      REQUIRE((table.unmap(page * kPage, pages * kPage) == 0) == exact);
      if (exact) model.erase(it);
    }
    const uint64_t probe = random() % 80;
    const auto* range = table.find(probe * kPage + random() % kPage);
    const auto it = owner(probe);
    REQUIRE((range != nullptr) == (it != model.end()));
    if (range != nullptr) REQUIRE(range->address == it->first * kPage);
  }
}

}  // namespace
}  // namespace faultline::protocol_test
