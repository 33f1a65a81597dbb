// SPDX-License-Identifier: MIT
// The device top: all modules, bound together behind two BARs.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <systemc>

#include "systemc_models/tlm/access_counters.hpp"
#include "systemc_models/tlm/aperture.hpp"
#include "systemc_models/tlm/channel_block.hpp"
#include "systemc_models/tlm/copy_engine.hpp"
#include "systemc_models/tlm/device_clock.hpp"
#include "systemc_models/tlm/environment.hpp"
#include "systemc_models/tlm/host_bridge.hpp"
#include "systemc_models/tlm/identity.hpp"
#include "systemc_models/tlm/interconnect.hpp"
#include "systemc_models/tlm/interrupt_controller.hpp"
#include "systemc_models/tlm/mmu_ports.hpp"
#include "systemc_models/tlm/notes.hpp"
#include "systemc_models/tlm/stream_engine.hpp"
#include "systemc_models/tlm/vram.hpp"

namespace faultline::tlm {

struct DeviceConfig {
  mmu::Config mmu{};
  uint64_t vram_bytes = uint64_t{1} << 30;
  Timing timing{};
  std::string trace_path{};  ///< empty: no trace
};

/// Makes the MMU: the functional model, or whatever else offers its sockets.
using MmuFactory = std::function<std::unique_ptr<MmuPorts>(const mmu::Config&, const Environment&,
                                                           const DeviceClock&)>;

enum class ResetKind : uint8_t { kPower, kFunction };

struct DeviceStatistics {
  uint64_t device_time_ns;
  uint64_t jobs;
  uint64_t interrupts;
  uint64_t unmodelled;
  mmu::Statistics mmu;
};

/// One a process: it starts the SystemC kernel. Register accesses never wait and take no simulated
/// time; work happens in run() only.
class Device : public sc_core::sc_module {
 public:
  /// Throws std::runtime_error with one line if VRAM or the trace file cannot be had.
  Device(sc_core::sc_module_name name, const DeviceConfig& config, HostMemory& host_memory,
         MessageSink& interrupts, const MmuFactory& make_mmu);

  /// Accesses of any size inside the BAR; data is little endian.
  void bar0_read(uint64_t offset, std::span<std::byte> out);
  void bar0_write(uint64_t offset, std::span<const std::byte> in);
  void bar1_read(uint64_t offset, std::span<std::byte> out);
  void bar1_write(uint64_t offset, std::span<const std::byte> in);

  /// kPower empties VRAM too.
  void reset(ResetKind kind);
  /// HostMemory's spans got earlier are void.
  void host_memory_changed() { host_bridge_.memory_changed(); }

  /// Whether run() has something to do.
  bool is_busy() const;
  /// If it is busy: works until there is nothing to do, or for about `budget` of host time.
  void run(std::chrono::nanoseconds budget);

  Vram& vram() { return vram_; }
  Trace& event_trace() { return trace_; }
  DeviceStatistics statistics() const;

 private:
  void bind();
  uint32_t read_register(uint32_t offset);
  void write_register(uint32_t offset, uint32_t value);
  std::optional<uint32_t> look_up(uint32_t offset);
  std::optional<uint32_t> read_mmu_register(uint32_t offset);
  RegisterBlock::Taken write_mmu_register(uint32_t offset, uint32_t value);
  bool transport_register(::tlm::tlm_command command, uint32_t offset, uint32_t& value);
  void count_unmodelled(const char* what, uint64_t offset, size_t size);
  void trace_access(const char* what, uint32_t offset, uint32_t value);
  void trace_write(uint32_t offset, uint32_t value);

  DeviceClock clock_;
  Trace trace_;
  Pacer pacer_;
  Timing timing_;
  Environment environment_;

  Vram vram_;
  HostBridge host_bridge_;
  Interconnect interconnect_;
  InterruptController interrupts_;
  std::unique_ptr<MmuPorts> mmu_;
  AccessCounters access_counters_;
  StreamEngine stream_engine_;
  CopyEngine copy_engine_;
  Aperture aperture_;
  Identity identity_;
  ChannelBlock channels_;
  Notes notes_;
  std::vector<RegisterBlock*> blocks_;
  tlm_utils::simple_initiator_socket<Device> mmu_registers_;
  std::set<uint64_t> reported_;
};

}  // namespace faultline::tlm
