// SPDX-License-Identifier: MIT
// DEVICE_RESET, and the commands that are refused as a whole.
#include <linux/pci_regs.h>
#include <linux/vfio.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

struct Connected {
  Connected() : client(server.path()) { client.version(); }
  RunningServer server;
  Client client;
};

TEST_CASE_METHOD(Connected, "DEVICE_RESET resets function and configuration space, keeps memory") {
  const UniqueFd memory = make_memory(4096);
  client.dma_map(0, 4096, memory.get());
  client.set_bus_master(true);
  client.write32(VFIO_PCI_CONFIG_REGION_INDEX, PCI_BASE_ADDRESS_0, 0xfe000000);
  client.write32(0, 0, 5);
  const Reply reply = client.call(Command::kDeviceReset);
  CHECK(reply.error() == 0);
  CHECK(reply.payload.empty());
  CHECK(client.read32(0, 0) == 0);
  CHECK(client.read32(VFIO_PCI_CONFIG_REGION_INDEX, PCI_BASE_ADDRESS_0) == 0);
  CHECK((client.read32(VFIO_PCI_CONFIG_REGION_INDEX, PCI_COMMAND) & PCI_COMMAND_MASTER) == 0);
  server.on_loop([](MemoryFunction& f) {
    CHECK(f.resets == std::vector{pci::ResetKind::kPower, pci::ResetKind::kBus});
    CHECK(f.host->dma().span(0, 1, false).empty());
  });
  client.set_bus_master(true);
  server.on_loop([](MemoryFunction& f) { CHECK(!f.host->dma().span(0, 1, false).empty()); });
}

TEST_CASE_METHOD(Connected, "DEVICE_RESET with a payload is refused") {
  CHECK(client.call(Command::kDeviceReset, Bytes(4)).error() == EINVAL);
  server.on_loop([](MemoryFunction& f) { CHECK(f.resets.size() == 1); });
}

TEST_CASE_METHOD(Connected, "Migration is refused: the model's state would be lost") {
  for (const Command command : {Command::kDirtyPages, Command::kDeviceFeature,
                                Command::kMigDataRead, Command::kMigDataWrite}) {
    CHECK(client.call(command, Bytes(16)).error() == ENOTSUP);
  }
}

TEST_CASE_METHOD(Connected, "The server's own commands and unknown ones are refused") {
  CHECK(client.call(Command::kDmaRead, Bytes(16)).error() == EINVAL);
  CHECK(client.call(Command::kDmaWrite, Bytes(24)).error() == EINVAL);
  for (const int command : {0, 19, 255, 4096, 65535}) {
    CAPTURE(command);
    CHECK(client.call(static_cast<Command>(command), Bytes(8)).error() == EINVAL);
  }
  CHECK(client.read(0, 0, 4).error() == 0);
}

}  // namespace
}  // namespace faultline::protocol_test
