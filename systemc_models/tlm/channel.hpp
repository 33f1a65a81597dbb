// SPDX-License-Identifier: MIT
// A channel: an in-order queue of jobs on one engine (device.md, "Channels").
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <systemc>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/tlm/environment.hpp"
#include "systemc_models/tlm/interrupt_controller.hpp"
#include "systemc_models/tlm/job.hpp"
#include "systemc_models/tlm/memory_port.hpp"

namespace faultline::tlm {

/// The configuration that a channel took over when it was enabled.
struct ChannelConfig {
  mmu::InstancePointer instance;
  bool privileged = false;
  Addressing addressing = Addressing::kPhysicalOnly;
  unsigned veid = 0;
  uint64_t ring = 0;
  uint64_t completion_ring = 0;
  unsigned log2_entries = 0;
};

/// Tags of translation requests name the channel, so that answers find it and traces tell it.
inline uint64_t make_tag(unsigned channel, uint64_t serial) {
  return uint64_t{channel} << 48 | serial;
}
inline unsigned channel_of_tag(uint64_t tag) { return static_cast<unsigned>(tag >> 48); }

class Channel;

/// The engine's side of a channel: does one job at a time, in the channel's own process.
class JobRunner {
 public:
  virtual ~JobRunner() = default;
  /// May wait, through the channel's calls only. Returns early, with ABORTED, once the channel is
  /// not live any more; the MMU then holds no request of this job.
  virtual Completion run(const Job& job, Channel& channel) = 0;
};

class Channel : public sc_core::sc_module {
 public:
  Channel(sc_core::sc_module_name name, unsigned index, Environment environment, MemoryPort& memory,
          ChannelInterrupt& interrupt, std::unique_ptr<JobRunner> runner);

  unsigned index() const { return index_; }
  Environment& environment() { return environment_; }
  uint64_t jobs_done() const { return jobs_done_; }

  /// Registers; `offset` is that of channel 0's register.
  uint32_t read(uint32_t offset) const;
  void write(uint32_t offset, uint32_t value);
  void ring_doorbell(uint32_t put);
  /// Stops at once, without a completion, and forgets the configuration.
  void reset();

  /// For the runner: the configuration its job runs under.
  const ChannelConfig& config() const { return config_; }
  /// Whether the job is still wanted.
  bool is_live() const { return session_ == running_session_; }
  /// Lets `time` pass for work done.
  void spend(sc_core::sc_time time);
  /// Waits until notify(), or a register write to this channel.
  void wait_for_change() { sc_core::wait(changed_); }
  void notify() { changed_.notify(sc_core::SC_ZERO_TIME); }
  /// Switches out until CLEAR_FAULTED or a stop.
  void wait_for_restart();

 private:
  static constexpr size_t kRegisters = regs::chan_inst_lo::kStride / sizeof(uint32_t);

  uint32_t& word(uint32_t offset);
  uint32_t word(uint32_t offset) const;
  void write_ctrl(uint32_t value);
  ChannelConfig configuration() const;
  regs::ChanState state() const;

  void break_ring();

  void run();
  void serve();
  bool do_next_job();
  bool fetch(Job& job);
  bool write_completion(const Job& job, const Completion& completion);
  void count_job(const Job& job);
  void trace_job(const Job& job);
  void trace_completion(const Job& job, const Completion& completion);

  unsigned index_;
  Environment environment_;
  MemoryPort& memory_;
  ChannelInterrupt& interrupt_;
  std::unique_ptr<JobRunner> runner_;

  std::array<uint32_t, kRegisters> words_{};
  ChannelConfig latched_;
  // What software sees of the ring since ENABLE.
  uint32_t put_ = 0;
  uint32_t get_ = 0;
  bool bad_ring_ = false;
  // Counts what ends a session: each write of ENABLE that changes it, each reset.
  uint64_t session_ = 0;
  bool enabled_ = false;
  bool silenced_ = false;  // by reset: the running job is dropped without a completion

  // The process's own; it may still be stopping when software has enabled the channel again.
  enum class Activity : uint8_t { kIdle, kRunning, kFaulted };
  Activity activity_ = Activity::kIdle;
  bool serving_ = false;
  uint64_t running_session_ = 0;
  uint32_t next_job_ = 0;
  ChannelConfig config_;
  bool restart_ = false;
  uint64_t jobs_done_ = 0;
  sc_core::sc_event changed_;
};

}  // namespace faultline::tlm
