// SPDX-License-Identifier: MIT
// Every boundary crossing reaches the observer, in order; the trace shows it.
#include <linux/vfio.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <sstream>

#include "qemu_device/pci/protocol_trace.hpp"
#include "tests/protocol/client.hpp"
#include "tests/protocol/running_server.hpp"

namespace faultline::protocol_test {
namespace {

/// The trace without its time stamps.
std::string without_times(const std::string& path) {
  std::ifstream file(path);
  std::string text;
  for (std::string line; std::getline(file, line);) text += line.substr(12) + "\n";
  return text;
}

TEST_CASE("The protocol trace has one line for every crossing") {
  const TemporaryDirectory directory;
  const std::string path = directory.file("trace");
  {
    pci::ProtocolTrace trace(path);
    RunningServer server(memory_identity(), &trace);
    Client client(server.path());
    client.version();
    const UniqueFd memory = make_memory(8192);
    const UniqueFd event = make_eventfd();
    client.dma_map(0x10000, 8192, memory.get());
    client.dma_map(0x20000, 4096, -1, 0, 1);
    client.write32(0, 0x10, 0x12345678);
    client.read32(0, 0x10);
    client.set_bus_master(true);
    server.on_loop([](MemoryFunction& f) { f.host->raise(3); });
    client.set_eventfds(VFIO_PCI_MSI_IRQ_INDEX, 0, 1, {event.get()});
    server.on_loop([](MemoryFunction& f) { f.host->raise(0); });
    client.read(0, 4096, 4);
    client.dma_unmap(0x20000, 4096);
    client.call(Command::kDeviceReset);
    {
      const Client gone = std::move(client);
    }
    server.eventually([](MemoryFunction& f) { return f.resets.size() == 3; });
  }
  CHECK(without_times(path) ==
        "reset: power-on\n"
        "client connected\n"
        "dma map 0x10000 + 0x2000\n"
        "dma map 0x20000 + 0x1000 read-only (no descriptor: cannot be reached)\n"
        "bar0 write 0x000010 4: 78563412\n"
        "bar0 read  0x000010 4: 78563412\n"
        "config write 0x004 2: 0600\n"
        "interrupt 3 latched: no eventfd, or masked\n"
        "set irqs: index 1 vectors 0 + 1 flags 0x24\n"
        "interrupt 0 sent\n"
        "refused command 9: Invalid argument\n"
        "dma unmap 0x20000 + 0x1000\n"
        "reset: bus\n"
        "client disconnected\n"
        "reset: bus\n");
}

TEST_CASE("A trace that cannot be written is refused") {
  CHECK_THROWS_AS(pci::ProtocolTrace("/no/such/directory/trace"), std::runtime_error);
}

}  // namespace
}  // namespace faultline::protocol_test
