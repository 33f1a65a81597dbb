// SPDX-License-Identifier: MIT
// faultline-example-device: serves the checksum device until SIGINT or SIGTERM.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "qemu_device/example/checksum_device.hpp"
#include "qemu_device/pci/protocol_trace.hpp"
#include "qemu_device/pci/server.hpp"
#include "qemu_device/pci/stop_signals.hpp"

int main(int argc, char** argv) {
  using namespace faultline;
  CLI::App app("A PCI device for QEMU's vfio-user-pci that sums bytes of guest memory");
  std::string socket;
  std::string trace_file;
  bool msix = false;
  app.add_option("--socket", socket, "UNIX socket to listen at")->required();
  app.add_option("--trace-protocol", trace_file, "write every boundary crossing to FILE, or - ")
      ->type_name("FILE");
  app.add_flag("--msix", msix, "offer MSI-X instead of MSI");
  CLI11_PARSE(app, argc, argv);

  try {
    pci::PciIdentity identity = example::identity();
    if (msix) {
      identity.interrupts = {
          .kind = pci::InterruptKind::kMsix, .msix_table_offset = 0x800, .msix_pba_offset = 0xc00};
    }
    std::optional<pci::ProtocolTrace> trace;
    if (!trace_file.empty()) trace.emplace(trace_file);
    pci::EventLoop loop;
    const pci::StopSignals signals(loop);
    example::ChecksumDevice device;
    const pci::Server server(loop, device, identity, socket, trace ? &*trace : nullptr);
    loop.run(&device);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "faultline-example-device: %s\n", error.what());
    return 1;
  }
  return 0;
}
