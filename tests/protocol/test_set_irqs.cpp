// SPDX-License-Identifier: MIT
// SET_IRQS: eventfds, masks, latched events, and what is refused.
#include <linux/vfio.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

using vfio_user::IrqSet;

constexpr uint32_t kMsi = VFIO_PCI_MSI_IRQ_INDEX;
constexpr uint32_t kNone = VFIO_IRQ_SET_DATA_NONE;
constexpr uint32_t kBool = VFIO_IRQ_SET_DATA_BOOL;
constexpr uint32_t kEventfd = VFIO_IRQ_SET_DATA_EVENTFD;
constexpr uint32_t kMask = VFIO_IRQ_SET_ACTION_MASK;
constexpr uint32_t kUnmask = VFIO_IRQ_SET_ACTION_UNMASK;
constexpr uint32_t kTrigger = VFIO_IRQ_SET_ACTION_TRIGGER;

struct FourVectors {
  FourVectors() : client(server.path()) { client.version(); }
  void raise(unsigned vector) {
    server.on_loop([&](MemoryFunction& f) { f.host->raise(vector); });
  }
  int set(uint32_t flags, uint32_t index, uint32_t start, uint32_t count, const Bytes& data = {},
          std::vector<int> fds = {}) {
    const uint32_t argsz = static_cast<uint32_t>(sizeof(IrqSet) + data.size());
    Bytes payload = bytes_of(IrqSet{argsz, flags, index, start, count});
    payload.insert(payload.end(), data.begin(), data.end());
    return client.call(Command::kDeviceSetIrqs, payload, std::move(fds)).error();
  }
  RunningServer server;
  Client client;
  UniqueFd a = make_eventfd();
  UniqueFd b = make_eventfd();
};

TEST_CASE_METHOD(FourVectors, "A raised vector signals its own eventfd") {
  REQUIRE(client.set_eventfds(kMsi, 1, 2, {a.get(), b.get()}).error() == 0);
  raise(2);
  raise(2);
  CHECK(events(a) == 0);
  CHECK(events(b) == 2);
  raise(1);
  CHECK(events(a) == 1);
}

TEST_CASE_METHOD(FourVectors, "An event without an eventfd is kept until there is one, once") {
  raise(0);
  raise(0);
  REQUIRE(client.set_eventfds(kMsi, 0, 1, {a.get()}).error() == 0);
  CHECK(events(a) == 1);
  REQUIRE(client.set_eventfds(kMsi, 0, 1, {a.get()}).error() == 0);
  CHECK(events(a) == 0);
}

TEST_CASE_METHOD(FourVectors,
                 "Taking eventfds away, as a guest's reboot does, keeps later events") {
  REQUIRE(client.set_eventfds(kMsi, 0, 1, {a.get()}).error() == 0);
  SECTION("all of the type") { REQUIRE(set(kNone | kTrigger, kMsi, 0, 0) == 0); }
  SECTION("this vector") { REQUIRE(client.set_eventfds(kMsi, 0, 1, {}).error() == 0); }
  raise(0);
  CHECK(events(a) == 0);
  REQUIRE(client.set_eventfds(kMsi, 0, 1, {b.get()}).error() == 0);
  CHECK(events(a) == 0);
  CHECK(events(b) == 1);
}

TEST_CASE_METHOD(FourVectors, "A masked vector keeps its event until it is unmasked") {
  REQUIRE(client.set_eventfds(kMsi, 0, 2, {a.get(), b.get()}).error() == 0);
  REQUIRE(set(kNone | kMask, kMsi, 0, 1) == 0);
  raise(0);
  raise(1);
  CHECK(events(a) == 0);
  CHECK(events(b) == 1);
  REQUIRE(set(kBool | kUnmask, kMsi, 0, 2, {std::byte{1}, std::byte{0}}) == 0);
  CHECK(events(a) == 1);
  CHECK(events(b) == 0);
}

TEST_CASE_METHOD(FourVectors, "The client may trigger a vector itself") {
  REQUIRE(client.set_eventfds(kMsi, 0, 2, {a.get(), b.get()}).error() == 0);
  REQUIRE(set(kNone | kTrigger, kMsi, 0, 1) == 0);
  CHECK(events(a) == 1);
  REQUIRE(set(kBool | kTrigger, kMsi, 0, 2, {std::byte{0}, std::byte{1}}) == 0);
  CHECK(events(a) == 0);
  CHECK(events(b) == 1);
}

TEST_CASE_METHOD(FourVectors, "The error interrupt takes an eventfd, as QEMU expects") {
  CHECK(client.set_eventfds(VFIO_PCI_ERR_IRQ_INDEX, 0, 1, {a.get()}).error() == 0);
  CHECK(set(kNone | kTrigger, VFIO_PCI_INTX_IRQ_INDEX, 0, 0) == 0);
}

TEST_CASE_METHOD(FourVectors, "A reset forgets latched events and masks but keeps eventfds") {
  raise(0);
  REQUIRE(set(kNone | kMask, kMsi, 1, 1) == 0);
  REQUIRE(client.call(Command::kDeviceReset).error() == 0);
  REQUIRE(client.set_eventfds(kMsi, 0, 2, {a.get(), b.get()}).error() == 0);
  CHECK(events(a) == 0);
  raise(1);
  CHECK(events(b) == 1);
  REQUIRE(client.call(Command::kDeviceReset).error() == 0);
  raise(0);
  CHECK(events(a) == 1);
}

TEST_CASE_METHOD(FourVectors, "Malformed SET_IRQS messages are refused and change nothing") {
  REQUIRE(client.set_eventfds(kMsi, 0, 1, {a.get()}).error() == 0);
  const std::vector<int> one = {b.get()};
  CHECK(set(kEventfd | kTrigger, 5, 0, 1, {}, one) == EINVAL);
  CHECK(set(kEventfd | kTrigger, UINT32_MAX, 0, 1, {}, one) == EINVAL);
  CHECK(set(kEventfd | kTrigger, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, {}, one) == EINVAL);
  CHECK(set(kEventfd | kTrigger, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, {}, one) == EINVAL);
  CHECK(set(kEventfd | kTrigger, kMsi, 4, 1, {}, one) == EINVAL);
  CHECK(set(kEventfd | kTrigger, kMsi, 3, 2, {}, {b.get(), b.get()}) == EINVAL);
  CHECK(set(kEventfd | kTrigger, kMsi, UINT32_MAX, 2, {}, one) == EINVAL);
  CHECK(set(kEventfd | kTrigger, kMsi, 1, UINT32_MAX, {}, one) == EINVAL);
  CHECK(set(kEventfd | kTrigger, kMsi, 0, 2, {}, one) == EINVAL);
  CHECK(set(kEventfd | kTrigger, kMsi, 0, 1, {}, {b.get(), b.get()}) == EINVAL);
  CHECK(set(kEventfd | kTrigger, kMsi, 0, 0) == EINVAL);
  CHECK(set(kNone | kTrigger, kMsi, 1, 0) == EINVAL);
  CHECK(set(kNone | kMask, kMsi, 0, 0) == EINVAL);
  CHECK(set(kNone | kTrigger, kMsi, 0, 1, {}, one) == EINVAL);
  CHECK(set(kNone | kTrigger, kMsi, 0, 1, Bytes(1)) == EINVAL);
  CHECK(set(kBool | kTrigger, kMsi, 0, 2, Bytes(1)) == EINVAL);
  CHECK(set(kBool | kTrigger, kMsi, 0, 2, Bytes(3)) == EINVAL);
  CHECK(set(kTrigger, kMsi, 0, 1) == EINVAL);
  CHECK(set(kNone, kMsi, 0, 1) == EINVAL);
  CHECK(set(kNone | kBool | kTrigger, kMsi, 0, 1, Bytes(1)) == EINVAL);
  CHECK(set(kNone | kMask | kUnmask, kMsi, 0, 1) == EINVAL);
  CHECK(set(kNone | kTrigger | 0x40, kMsi, 0, 1) == EINVAL);
  CHECK(set(kEventfd | kMask, kMsi, 0, 1, {}, one) == ENOTSUP);
  CHECK(set(kEventfd | kUnmask, kMsi, 0, 1, {}, one) == ENOTSUP);
  CHECK(client.call(Command::kDeviceSetIrqs, Bytes(19)).error() == EINVAL);
  CHECK(client.call(Command::kDeviceSetIrqs, {}).error() == EINVAL);
  const IrqSet wrong_argsz{24, kNone | kTrigger, kMsi, 0, 1};
  CHECK(client.call(Command::kDeviceSetIrqs, bytes_of(wrong_argsz)).error() == EINVAL);
  CHECK(events(a) == 0);
  raise(0);
  CHECK(events(a) == 1);
  CHECK(events(b) == 0);
}

TEST_CASE_METHOD(FourVectors, "Only eventfds are taken: a write to anything else could block us") {
  const UniqueFd memory = make_memory(4096);
  CHECK(client.set_eventfds(kMsi, 0, 1, {memory.get()}).error() == EINVAL);
  CHECK(client.set_eventfds(kMsi, 0, 2, {a.get(), memory.get()}).error() == EINVAL);
  raise(0);
  CHECK(events(a) == 0);
}

TEST_CASE_METHOD(FourVectors, "An eventfd that is never read cannot stop the server") {
  const uint64_t full = UINT64_MAX - 1;
  REQUIRE(write(a.get(), &full, sizeof(full)) == sizeof(full));
  REQUIRE(client.set_eventfds(kMsi, 0, 1, {a.get()}).error() == 0);
  raise(0);
  CHECK(events(a) == full);
}

TEST_CASE_METHOD(FourVectors, "Replaced and removed eventfds are closed") {
  client.set_eventfds(kMsi, 0, 1, {a.get()});
  const size_t before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    client.set_eventfds(kMsi, 0, 1, {i % 2 != 0 ? a.get() : b.get()});
    client.set_eventfds(kMsi, 0, 1, {a.get(), b.get()});
  }
  CHECK(open_descriptors() == before);
  client.set_eventfds(kMsi, 0, 1, {});
  CHECK(open_descriptors() == before - 1);
}

}  // namespace
}  // namespace faultline::protocol_test
