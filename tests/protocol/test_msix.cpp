// SPDX-License-Identifier: MIT
// MSI-X: its interrupt type, its table and its pending bits in a BAR.
#include <linux/vfio.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

constexpr uint32_t kMsix = VFIO_PCI_MSIX_IRQ_INDEX;
constexpr uint64_t kTable = 0x400;
constexpr uint64_t kPending = 0xc00;
constexpr unsigned kVectors = 70;

pci::PciIdentity msix_identity() {
  auto identity = memory_identity();
  identity.interrupts = {.kind = pci::InterruptKind::kMsix,
                         .vectors = kVectors,
                         .msix_table_offset = kTable,
                         .msix_pba_offset = kPending};
  return identity;
}

struct Msix {
  Msix() : server(msix_identity()), client(server.path()) { client.version(); }
  void raise(unsigned vector) {
    server.on_loop([&](MemoryFunction& f) { f.host->raise(vector); });
  }
  RunningServer server;
  Client client;
};

TEST_CASE_METHOD(Msix, "MSI-X vectors can be set one by one, as QEMU does") {
  const auto info =
      client.call(Command::kDeviceGetIrqInfo, bytes_of(vfio_user::IrqInfo{16, 0, kMsix, 0}))
          .as<vfio_user::IrqInfo>();
  CHECK(info.count == kVectors);
  CHECK((info.flags & VFIO_IRQ_INFO_NORESIZE) == 0);
  const UniqueFd event = make_eventfd();
  REQUIRE(client.set_eventfds(kMsix, 69, 1, {event.get()}).error() == 0);
  raise(69);
  CHECK(events(event) == 1);
  CHECK(client.set_eventfds(VFIO_PCI_MSI_IRQ_INDEX, 0, 1, {event.get()}).error() == EINVAL);
}

TEST_CASE_METHOD(Msix, "Pending bits show latched events until they are delivered") {
  raise(0);
  raise(9);
  raise(69);
  CHECK(client.read32(0, kPending) == ((1u << 0) | (1u << 9)));
  CHECK(client.read32(0, kPending + 8) == 1u << 5);
  client.write32(0, kPending, 0);  // read-only
  CHECK(client.read32(0, kPending) == ((1u << 0) | (1u << 9)));
  const UniqueFd event = make_eventfd();
  client.set_eventfds(kMsix, 9, 1, {event.get()});
  CHECK(events(event) == 1);
  CHECK(client.read32(0, kPending) == 1u << 0);
  client.call(Command::kDeviceReset);
  CHECK(client.read32(0, kPending) == 0);
}

TEST_CASE_METHOD(Msix,
                 "The table keeps what is written, starts masked, and hides the function's bytes") {
  CHECK(client.read32(0, kTable + 12) == 1);
  client.write32(0, kTable + 16 * 69 + 8, 0x4041);
  client.write32(0, kTable + 12, 0);
  CHECK(client.read32(0, kTable + 16 * 69 + 8) == 0x4041);
  server.on_loop([](MemoryFunction& f) { CHECK(f.bar0[kTable + 16 * 69 + 8] == std::byte{0}); });
  client.write32(0, kTable - 4, 7);
  client.write32(0, kTable + 16 * kVectors, 8);
  server.on_loop([](MemoryFunction& f) {
    CHECK(f.bar0[kTable - 4] == std::byte{7});
    CHECK(f.bar0[kTable + 16 * kVectors] == std::byte{8});
  });
  client.call(Command::kDeviceReset);
  CHECK(client.read32(0, kTable + 12) == 1);
}

}  // namespace
}  // namespace faultline::protocol_test
