// SPDX-License-Identifier: MIT
// Configuration space as firmware and drivers see it: identity, BAR sizing, capabilities, resets.
#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <map>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

constexpr uint32_t kConfig = VFIO_PCI_CONFIG_REGION_INDEX;

struct Configured {
  explicit Configured(const pci::PciIdentity& identity = memory_identity())
      : server(identity), client(server.path()) {
    client.version();
  }
  template <typename T>
  T get(uint64_t offset) {
    const Reply reply = client.read(kConfig, offset, sizeof(T));
    return vfio_user::load<T>(std::span(reply.payload).subspan(16));
  }
  template <typename T>
  void put(uint64_t offset, T value) {
    REQUIRE(client.write(kConfig, offset, bytes_of(value)).error() == 0);
  }
  std::map<unsigned, uint8_t> capabilities() {
    std::map<unsigned, uint8_t> found;
    for (uint8_t at = get<uint8_t>(PCI_CAPABILITY_LIST); at != 0; at = get<uint8_t>(at + 1)) {
      REQUIRE(at >= 0x40);
      REQUIRE(at % 4 == 0);
      REQUIRE(found.emplace(get<uint8_t>(at), at).second);
    }
    return found;
  }
  RunningServer server;
  Client client;
};

TEST_CASE_METHOD(Configured, "Configuration space shows the identity and cannot change it") {
  const auto check = [&] {
    CHECK(get<uint16_t>(PCI_VENDOR_ID) == 0x1234);
    CHECK(get<uint16_t>(PCI_DEVICE_ID) == 0x5678);
    CHECK(get<uint32_t>(PCI_CLASS_REVISION) == 0x0b400007);
    CHECK(get<uint16_t>(PCI_SUBSYSTEM_VENDOR_ID) == 0xabcd);
    CHECK(get<uint16_t>(PCI_SUBSYSTEM_ID) == 0xef01);
    CHECK(get<uint8_t>(PCI_HEADER_TYPE) == 0);
    CHECK(get<uint8_t>(PCI_INTERRUPT_PIN) == 0);
    CHECK((get<uint16_t>(PCI_STATUS) & PCI_STATUS_CAP_LIST) != 0);
    CHECK(get<uint32_t>(PCI_ROM_ADDRESS) == 0);
    CHECK(get<uint32_t>(PCI_CFG_SPACE_SIZE) == 0);  // no extended capability
  };
  check();
  REQUIRE(client
              .write(kConfig, PCI_CFG_SPACE_SIZE,
                     Bytes(PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE, std::byte{0xff}))
              .error() == 0);
  for (const uint64_t offset : {0, 2, 8, 0x2c, 0x2e, 0x30, 0x34, 0x3d}) {
    put<uint16_t>(offset, 0xffff);
  }
  check();
}

TEST_CASE_METHOD(Configured, "Configuration space reads whole, as QEMU does it") {
  const Reply reply = client.read(kConfig, 0, 4096);
  REQUIRE(reply.error() == 0);
  CHECK(vfio_user::load<uint16_t>(std::span(reply.payload).subspan(16)) == 0x1234);
}

TEST_CASE_METHOD(Configured, "BARs tell type and size when ones are written") {
  const auto sized = [&](uint64_t offset) {
    put<uint32_t>(offset, UINT32_MAX);
    return get<uint32_t>(offset);
  };
  CHECK(sized(PCI_BASE_ADDRESS_0) == ~(uint32_t{kBar0Size} - 1));
  CHECK(sized(PCI_BASE_ADDRESS_1) == 0);
  CHECK(sized(PCI_BASE_ADDRESS_2) ==
        (PCI_BASE_ADDRESS_MEM_TYPE_64 | PCI_BASE_ADDRESS_MEM_PREFETCH));
  CHECK(sized(PCI_BASE_ADDRESS_3) == static_cast<uint32_t>(~(kBar2Size - 1) >> 32));
  CHECK(sized(PCI_BASE_ADDRESS_4) == 0);
  put<uint32_t>(PCI_BASE_ADDRESS_0, 0xfeb01004);
  CHECK(get<uint32_t>(PCI_BASE_ADDRESS_0) == 0xfeb01000);
}

TEST_CASE_METHOD(Configured, "The capability list has power management, MSI and PCI Express") {
  auto found = capabilities();
  CHECK(found.size() == 3);
  REQUIRE(found.contains(PCI_CAP_ID_PM));
  REQUIRE(found.contains(PCI_CAP_ID_MSI));
  REQUIRE(found.contains(PCI_CAP_ID_EXP));

  const uint8_t msi = found[PCI_CAP_ID_MSI];
  CHECK(get<uint16_t>(msi + PCI_MSI_FLAGS) == (PCI_MSI_FLAGS_64BIT | 2 << 1));  // four vectors
  put<uint16_t>(msi + PCI_MSI_FLAGS, UINT16_MAX);
  CHECK(get<uint16_t>(msi + PCI_MSI_FLAGS) ==
        (PCI_MSI_FLAGS_64BIT | 2 << 1 | PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE));
  put<uint32_t>(msi + PCI_MSI_ADDRESS_LO, 0xfee00fff);
  CHECK(get<uint32_t>(msi + PCI_MSI_ADDRESS_LO) == 0xfee00ffc);

  const uint8_t express = found[PCI_CAP_ID_EXP];
  CHECK(get<uint16_t>(express + PCI_EXP_FLAGS) == (2 | PCI_EXP_TYPE_ENDPOINT << 4));
  CHECK((get<uint32_t>(express + PCI_EXP_DEVCAP) & PCI_EXP_DEVCAP_FLR) != 0);

  const uint8_t power = found[PCI_CAP_ID_PM];
  put<uint16_t>(power + PCI_PM_CTRL, UINT16_MAX);
  CHECK(get<uint16_t>(power + PCI_PM_CTRL) == (3 | PCI_PM_CTRL_NO_SOFT_RESET));
}

TEST_CASE("MSI-X replaces MSI in the capability list when it is asked for") {
  auto identity = memory_identity();
  identity.interrupts = {.kind = pci::InterruptKind::kMsix,
                         .vectors = 3,
                         .msix_table_offset = 0x800,
                         .msix_pba_offset = 0xc00};
  Configured c(identity);
  auto found = c.capabilities();
  CHECK(!found.contains(PCI_CAP_ID_MSI));
  const uint8_t msix = found.at(PCI_CAP_ID_MSIX);
  CHECK(c.get<uint16_t>(msix + PCI_MSIX_FLAGS) == 2);
  CHECK(c.get<uint32_t>(msix + PCI_MSIX_TABLE) == 0x800);
  CHECK(c.get<uint32_t>(msix + PCI_MSIX_PBA) == 0xc00);
  c.put<uint16_t>(msix + PCI_MSIX_FLAGS, UINT16_MAX);
  CHECK(c.get<uint16_t>(msix + PCI_MSIX_FLAGS) ==
        (2 | PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL));
}

TEST_CASE_METHOD(Configured, "Function-level reset comes as a configuration write of any width") {
  const uint64_t control = capabilities().at(PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
  SECTION("16 bits") { put<uint16_t>(control, PCI_EXP_DEVCTL_BCR_FLR); }
  SECTION("32 bits") { put<uint32_t>(control, PCI_EXP_DEVCTL_BCR_FLR); }
  SECTION("the upper byte") { put<uint8_t>(control + 1, PCI_EXP_DEVCTL_BCR_FLR >> 8); }
  server.on_loop([](MemoryFunction& f) {
    CHECK(f.resets == std::vector{pci::ResetKind::kPower, pci::ResetKind::kFunctionLevel});
  });
  CHECK((get<uint16_t>(control) & PCI_EXP_DEVCTL_BCR_FLR) == 0);
}

TEST_CASE_METHOD(Configured,
                 "Function-level reset turns bus mastering off; other bits reset nothing") {
  client.set_bus_master(true);
  const uint64_t control = capabilities().at(PCI_CAP_ID_EXP) + PCI_EXP_DEVCTL;
  put<uint16_t>(control, static_cast<uint16_t>(~PCI_EXP_DEVCTL_BCR_FLR));
  put<uint8_t>(control, 0xff);
  server.on_loop([](MemoryFunction& f) { CHECK(f.resets.size() == 1); });
  CHECK((get<uint16_t>(PCI_COMMAND) & PCI_COMMAND_MASTER) != 0);
  put<uint16_t>(control, PCI_EXP_DEVCTL_BCR_FLR);
  CHECK((get<uint16_t>(PCI_COMMAND) & PCI_COMMAND_MASTER) == 0);
}

TEST_CASE("An impossible identity is refused with the rule that it breaks") {
  using Catch::Matchers::ContainsSubstring;
  using Catch::Matchers::MessageMatches;
  const auto refused = [](auto change, const char* rule) {
    auto identity = memory_identity();
    change(identity);
    CHECK_THROWS_MATCHES(pci::check(identity), std::invalid_argument,
                         MessageMatches(ContainsSubstring(rule)));
  };
  refused([](auto& i) { i.bars[0].size = 5000; }, "power of two");
  refused([](auto& i) { i.bars[0].size = 8; }, "power of two");
  refused([](auto& i) { i.bars[0].size = 0; }, "power of two");
  refused([](auto& i) { i.bars[0].size = uint64_t{1} << 32; }, "too large for 32 bits");
  refused([](auto& i) { i.bars[0].index = 3; }, "taken twice");
  refused([](auto& i) { i.bars[1].index = 5; }, "does not fit");
  refused([](auto& i) { i.interrupts.vectors = 3; }, "MSI has");
  refused([](auto& i) { i.interrupts.vectors = 64; }, "MSI has");
  refused([](auto& i) { i.class_code = 1 << 24; }, "24 bits");
  const auto msix = [](auto& i) -> auto& {
    i.interrupts = {
        .kind = pci::InterruptKind::kMsix, .msix_table_offset = 0x800, .msix_pba_offset = 0xc00};
    return i.interrupts;
  };
  refused([&](auto& i) { msix(i).msix_bar = 4; }, "needs a BAR");
  refused([&](auto& i) { msix(i).vectors = 2049; }, "1 to 2048 vectors");
  refused([&](auto& i) { msix(i).msix_table_offset = 0x1000; }, "lie inside BAR0");
  refused([&](auto& i) { msix(i).msix_pba_offset = 0x808; }, "overlap");
}

}  // namespace
}  // namespace faultline::protocol_test
