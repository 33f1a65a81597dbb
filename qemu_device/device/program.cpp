// SPDX-License-Identifier: MIT
// Puts model, PCI server and event loop together.
#include "qemu_device/device/program.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "qemu_device/device/mmu_choice.hpp"
#include "qemu_device/device/session_watch.hpp"
#include "qemu_device/device/statistics.hpp"
#include "qemu_device/pci/protocol_trace.hpp"
#include "qemu_device/pci/server.hpp"
#include "qemu_device/pci/stop_signals.hpp"

namespace faultline::device {

namespace {

void start_log(const std::string& level) {
  auto log = spdlog::stderr_logger_st("faultline-device");
  log->set_pattern("%n: %l: %v");
  log->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(log));
}

std::unique_ptr<pci::Observer> make_observer(const std::string& protocol_trace) {
  if (protocol_trace.empty()) return std::make_unique<pci::Observer>();
  return std::make_unique<pci::ProtocolTrace>(protocol_trace);
}

}  // namespace

void serve(const Settings& settings) {
  start_log(settings.log_level);
  vfio_user::EventLoop loop;
  const pci::StopSignals signals(loop);
  MmuChoice mmu(settings.mmu, settings.sanitize, settings.wave);
  Function function(settings.device, mmu.factory());
  const tlm::Vram& vram = function.device().vram();
  const auto observer = make_observer(settings.protocol_trace);
  SessionWatch watch(loop, settings.lifetime, *observer);
  const pci::Server server(
      loop, function,
      identity(settings.interrupts, settings.vram_mapping, settings.device.vram_bytes, vram.fd()),
      settings.socket, &watch);
  fmt::print("ready: {}\n", settings.socket);
  std::fflush(stdout);
  loop.run(&function);
  function.device().event_trace().flush();
  if (settings.statistics == Statistics::kAtExit)
    fmt::print("{}\n", to_json(function.device().statistics()));
  if (mmu.violations() > 0)
    throw std::runtime_error(fmt::format(
        "the checker objected to the RTL {} times; the log says to what", mmu.violations()));
  if (mmu.mistakes() > 0)
    throw std::runtime_error(fmt::format(
        "the sanitizer found {} mistakes of the driver; the log says which", mmu.mistakes()));
}

}  // namespace faultline::device
