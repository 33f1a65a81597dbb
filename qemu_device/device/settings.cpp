// SPDX-License-Identifier: MIT
// The options of faultline-device and their limits.
#include "qemu_device/device/settings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <bit>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <vector>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/rtl_shell/device_gmmu.hpp"

namespace faultline::device {

namespace {

constexpr int kUsageError = 2;
constexpr const char* kSizeOptions[] = {"--utlb-entries",      "--l2-sets",
                                        "--l2-ways",           "--pde-cache-entries",
                                        "--replay-list-depth", "--fault-buffer-entries"};

uint64_t machine_bytes() {
  return static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

std::string check_power_of_two(const std::string& text) {
  return std::has_single_bit(std::stoul(text)) ? "" : text + " is not a power of two";
}

/// FROM:TO, FROM not after TO.
std::string check_window(const std::string& text) {
  uint64_t first = 0;
  uint64_t last = 0;
  const char* const end = text.data() + text.size();
  const auto from = std::from_chars(text.data(), end, first);
  const bool colon = from.ec == std::errc() && from.ptr != end && *from.ptr == ':';
  const auto to = std::from_chars(colon ? from.ptr + 1 : end, end, last);
  if (colon && to.ec == std::errc() && to.ptr == end && first <= last) return "";
  return text + " is not FROM:TO, two numbers of cycles of which the first is not the larger";
}

void add_machine_options(CLI::App& app, Settings& settings, std::string& mmu) {
  app.add_option("--vram", settings.device.vram_bytes, "size of video memory, a power of two (1G)")
      ->transform(CLI::AsSizeValue(false))
      ->type_name("SIZE");
  app.add_option(
         "--mmu", mmu,
         "which MMU: tlm, the functional model; rtl, the Verilated SystemVerilog; check, the "
         "latter held against the model")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(kMmuNames), std::end(kMmuNames))))
      ->capture_default_str();
  app.add_flag_callback(
      "--sanitize", [&settings] { settings.sanitize = Sanitize::kYes; },
      "report the driver's mistakes: stale translations, wild entries, packets not cleared, futile "
      "replays");
  app.add_flag_callback(
      "--msix", [&settings] { settings.interrupts = pci::InterruptKind::kMsix; },
      "offer MSI-X instead of MSI (QEMU 11 aborts when such a device is hot-unplugged)");
  app.add_flag_callback(
      "--map-vram", [&settings] { settings.vram_mapping = VramMapping::kMapped; },
      "let the guest map video memory (register writes become round trips)");
}

void add_size(CLI::App& app, const char* name, unsigned& value, unsigned min, unsigned max,
              const char* text) {
  app.add_option(name, value, text)
      ->check(CLI::Range(min, max))
      ->type_name("N")
      ->capture_default_str();
}

void add_mmu_options(CLI::App& app, mmu::Config& mmu) {
  constexpr unsigned kMaxEntries = 1 << 16;
  // The replay list's depth is shown in a field of FAULTLINE_TOPOLOGY.
  constexpr unsigned kMaxDepth = regs::faultline_topology::replay_list_depth.kMax;
  constexpr unsigned kMaxPackets = regs::mmu_fault_buffer_size::val.kMax;
  add_size(app, "--utlb-entries", mmu.utlb_entries, 0, kMaxEntries, "entries of each uTLB");
  add_size(app, "--l2-sets", mmu.l2_sets, 1, kMaxEntries, "sets of the L2 TLB");
  app.get_option("--l2-sets")->check(CLI::Validator(check_power_of_two, "", "power of two"));
  add_size(app, "--l2-ways", mmu.l2_ways, 0, 64, "ways of the L2 TLB");
  add_size(app, "--pde-cache-entries", mmu.pde_cache_entries, 0, kMaxEntries,
           "entries of the PDE cache");
  add_size(app, "--replay-list-depth", mmu.replay_list_depth, 1, kMaxDepth,
           "accesses that each uTLB can park");
  add_size(app, "--fault-buffer-entries", mmu.default_fault_buffer_entries, 2, kMaxPackets,
           "reset value of the fault buffers' size");
}

/// Sizes of RTL are those of its build.
void take_sizes_of_rtl(const CLI::App& app, mmu::Config& config) {
  for (const char* name : kSizeOptions)
    if (app.count(name) > 0)
      throw CLI::ValidationError(
          name,
          "the sizes of the RTL are chosen when it is built; leave the option out, or use "
          "--mmu tlm");
  config = rtl::config_of(rtl::device_gmmu().sizes);
}

void add_run_options(CLI::App& app, Settings& settings) {
  app.add_option("--socket", settings.socket, "UNIX socket to listen at")
      ->required()
      ->type_name("PATH");
  app.add_option("--trace", settings.device.trace_path,
                 "write the device's events to FILE, one JSON object a line")
      ->type_name("FILE");
  app.add_option("--trace-protocol", settings.protocol_trace,
                 "write every crossing of the PCI boundary to FILE, or to standard error if -")
      ->type_name("FILE");
  app.add_option("--log-level", settings.log_level, "least severity of what is logged")
      ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "critical", "off"}))
      ->capture_default_str();
  app.add_flag_callback(
      "--once", [&settings] { settings.lifetime = Lifetime::kOneClient; },
      "exit when the first client leaves");
  app.add_flag_callback(
      "--stats", [&settings] { settings.statistics = Statistics::kAtExit; },
      "print statistics as JSON at exit");
}

void add_wave_options(CLI::App& app, rtl::WaveRequest& wave, std::string& cycles) {
  CLI::Option* const file =
      app.add_option("--wave", wave.path, "write waveforms of the RTL to FILE (FST)")
          ->type_name("FILE");
  CLI::Option* const window =
      app.add_option("--wave-cycles", cycles, "only from cycle FROM to cycle TO")
          ->needs(file)
          ->check(CLI::Validator(check_window, "", "window"))
          ->type_name("FROM:TO");
  app.add_option("--wave-fault", wave.fault,
                 "only around the Nth fault packet; until it comes the RTL is hardly slower")
      ->needs(file)
      ->excludes(window)
      ->check(CLI::PositiveNumber)
      ->type_name("N");
}

/// Waveforms are the RTL's.
void take_wave(const Settings& settings, const std::string& cycles, rtl::WaveRequest& wave) {
  if (!wave.path.empty() && settings.mmu == MmuKind::kTlm)
    throw CLI::ValidationError("--wave",
                               "the functional model has no signals; use --mmu rtl or --mmu check");
  if (cycles.empty()) return;
  wave.first_cycle = std::stoull(cycles);
  wave.last_cycle = std::stoull(cycles.substr(cycles.find(':') + 1));
}

void check_vram(uint64_t bytes) {
  if (bytes <= machine_bytes()) return;
  throw CLI::ValidationError(
      "--vram", fmt::format("{} MiB is more than this machine's memory, {} MiB; ask for less",
                            bytes >> 20, machine_bytes() >> 20));
}

}  // namespace

std::variant<Settings, int> parse_settings(int argc, char** argv) {
  Settings settings;
  std::string mmu = "tlm";
  std::string wave_cycles;
  CLI::App app("A PCI Express device with replayable page faults for QEMU's vfio-user-pci");
  add_run_options(app, settings);
  add_machine_options(app, settings, mmu);
  add_mmu_options(app, settings.device.mmu);
  add_wave_options(app, settings.wave, wave_cycles);
  try {
    app.parse(argc, argv);
    check_vram(settings.device.vram_bytes);
    settings.mmu = mmu_kind(mmu);
    if (settings.mmu != MmuKind::kTlm) take_sizes_of_rtl(app, settings.device.mmu);
    take_wave(settings, wave_cycles, settings.wave);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "faultline-device: %s (--help lists the options)\n", error.what());
    return kUsageError;
  }
  return settings;
}

}  // namespace faultline::device
