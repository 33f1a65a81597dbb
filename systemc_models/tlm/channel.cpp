// SPDX-License-Identifier: MIT
// Registers, rings and the process that works through them.
#include "systemc_models/tlm/channel.hpp"

#include <span>

#include "systemc_models/tlm/register_block.hpp"

namespace faultline::tlm {

namespace {

uint64_t wide(uint32_t high, uint64_t low) { return uint64_t{high} << 32 | low; }

constexpr uint32_t kFirstOffset = regs::chan_inst_lo::kOffset;

bool size_is_legal(unsigned log2_entries) { return log2_entries >= 1 && log2_entries <= 16; }

}  // namespace

Channel::Channel(sc_core::sc_module_name name, unsigned index, Environment environment,
                 MemoryPort& memory, ChannelInterrupt& interrupt, std::unique_ptr<JobRunner> runner)
    : sc_module(name),
      index_(index),
      environment_(environment),
      memory_(memory),
      interrupt_(interrupt),
      runner_(std::move(runner)),
      changed_("changed") {
  sc_core::sc_spawn([this] { run(); }, "process");
}

uint32_t& Channel::word(uint32_t offset) {
  return words_[(offset - kFirstOffset) / sizeof(uint32_t)];
}

uint32_t Channel::word(uint32_t offset) const {
  return words_[(offset - kFirstOffset) / sizeof(uint32_t)];
}

regs::ChanState Channel::state() const {
  using enum regs::ChanState;
  const bool stopping = serving_ && !is_live();
  if (!enabled_ && !stopping) return kDisabled;
  if (enabled_ && bad_ring_) return kBadRing;
  if (activity_ == Activity::kFaulted) return kFaulted;
  return activity_ == Activity::kRunning ? kRunning : kIdle;
}

uint32_t Channel::read(uint32_t offset) const {
  switch (offset) {
    case regs::chan_status::kOffset:
      return regs::chan_status::state.set(0, state());
    case regs::chan_ring_get::kOffset:
      return get_;
    case regs::chan_ring_put::kOffset:
      return put_;
    default:
      return word(offset);
  }
}

void Channel::write(uint32_t offset, uint32_t value) {
  if (offset == regs::chan_ctrl::kOffset) {
    write_ctrl(value & find_register(offset)->rw);
  } else if (offset == regs::chan_clear_faulted::kOffset) {
    if (!regs::chan_clear_faulted::trigger.get(value) || activity_ != Activity::kFaulted) return;
    restart_ = true;
    notify();
  } else {
    word(offset) = value & find_register(offset)->rw;
  }
}

void Channel::write_ctrl(uint32_t value) {
  word(regs::chan_ctrl::kOffset) = value;
  const bool enable = regs::chan_ctrl::enable.get(value) != 0;
  if (enable == enabled_) return;
  enabled_ = enable;
  ++session_;
  if (enable) {
    latched_ = configuration();
    put_ = get_ = 0;
    bad_ring_ = false;
  }
  notify();
}

void Channel::ring_doorbell(uint32_t put) {
  put_ = put;
  if (!enabled_) return;
  if (size_is_legal(latched_.log2_entries) && put_ - get_ > uint32_t{1} << latched_.log2_entries)
    break_ring();
  notify();
}

/// Nothing more can be done until software enables the channel anew: tell it.
void Channel::break_ring() {
  if (bad_ring_) return;
  bad_ring_ = true;
  interrupt_.channel_interrupt(index_);
}

void Channel::reset() {
  words_.fill(0);
  put_ = get_ = 0;
  bad_ring_ = false;
  enabled_ = false;
  silenced_ = true;
  ++session_;
  notify();
}

ChannelConfig Channel::configuration() const {
  const uint32_t ctrl = word(regs::chan_ctrl::kOffset);
  const uint32_t inst_lo = word(regs::chan_inst_lo::kOffset);
  // The low words hold address bits in place: the fields' masks pick them.
  return {
      .instance = {.address = wide(word(regs::chan_inst_hi::kOffset),
                                   inst_lo & regs::chan_inst_lo::address.mask()),
                   .aperture =
                       static_cast<mmu::Aperture>(regs::chan_inst_lo::aperture.get(inst_lo))},
      .privileged = regs::chan_ctrl::privileged.get(ctrl) != 0,
      .addressing =
          regs::chan_ctrl::use_inst.get(ctrl) ? Addressing::kVirtual : Addressing::kPhysicalOnly,
      .veid = regs::chan_ctrl::veid.get(ctrl),
      .ring = wide(word(regs::chan_ring_hi::kOffset), word(regs::chan_ring_lo::kOffset)),
      .completion_ring =
          wide(word(regs::chan_completion_hi::kOffset), word(regs::chan_completion_lo::kOffset)),
      .log2_entries = regs::chan_ring_size::log2_entries.get(word(regs::chan_ring_size::kOffset)),
  };
}

void Channel::spend(sc_core::sc_time time) {
  environment_.pacer.worked();
  sc_core::wait(time);
}

void Channel::wait_for_restart() {
  restart_ = false;
  activity_ = Activity::kFaulted;
  while (is_live() && !restart_) wait_for_change();
  activity_ = Activity::kRunning;
}

void Channel::run() {
  for (;;) {
    while (!enabled_) wait_for_change();
    serve();
  }
}

/// One session: from ENABLE until it is disabled or reset.
void Channel::serve() {
  running_session_ = session_;
  config_ = latched_;
  silenced_ = false;
  next_job_ = 0;
  serving_ = true;
  if (!size_is_legal(config_.log2_entries)) break_ring();
  while (is_live()) {
    if (bad_ring_ || put_ == next_job_) {
      wait_for_change();
    } else if (!do_next_job() && is_live()) {
      break_ring();
    }
  }
  serving_ = false;
}

/// False if a ring is not in memory.
bool Channel::do_next_job() {
  Job job;
  if (!fetch(job)) return false;
  activity_ = Activity::kRunning;
  trace_job(job);
  const Completion completion = runner_->run(job, *this);
  activity_ = Activity::kIdle;
  if (silenced_) return true;
  trace_completion(job, completion);
  if (!write_completion(job, completion)) return false;
  count_job(job);
  spend(nanoseconds(environment_.timing.job_ns));
  return true;
}

bool Channel::fetch(Job& job) {
  JobWords words;
  const uint64_t entry = next_job_ & ((uint64_t{1} << config_.log2_entries) - 1);
  if (!memory_.read(mmu::Aperture::kSysCoherent, config_.ring + entry * sizeof words,
                    std::as_writable_bytes(std::span(words))))
    return false;
  job = decode(words);
  return true;
}

/// Word 0 holds VALID and is written last.
bool Channel::write_completion(const Job& job, const Completion& completion) {
  const CompletionWords words = encode(completion, job.id);
  const uint64_t entry = next_job_ & ((uint64_t{1} << config_.log2_entries) - 1);
  const uint64_t address = config_.completion_ring + entry * sizeof words;
  static_assert(regs::completion::valid.word == 0);
  const auto bytes = std::as_bytes(std::span(words));
  const size_t first = sizeof words[0];
  return memory_.write(mmu::Aperture::kSysCoherent, address + first, bytes.subspan(first)) &&
         memory_.write(mmu::Aperture::kSysCoherent, address, bytes.first(first));
}

void Channel::count_job(const Job& job) {
  ++jobs_done_;
  ++next_job_;
  const bool enabled_again = enabled_ && !is_live();
  if (!enabled_again) get_ = next_job_;
  if (job.interrupt) interrupt_.channel_interrupt(index_);
}

void Channel::trace_job(const Job& job) {
  Trace& trace = environment_.trace;
  if (!trace.is_on()) return;
  trace.event("job_start", {{"channel", uint64_t{index_}},
                            {"job", uint64_t{job.id}},
                            {"opcode", to_string(job.opcode)},
                            {"dst", Hex{job.dst}},
                            {"src", Hex{job.src}},
                            {"count", job.count}});
}

void Channel::trace_completion(const Job& job, const Completion& completion) {
  Trace& trace = environment_.trace;
  if (!trace.is_on()) return;
  trace.event("job_end", {{"channel", uint64_t{index_}},
                          {"job", uint64_t{job.id}},
                          {"status", to_string(completion.status)},
                          {"done", completion.done},
                          {"result", Hex{completion.result}}});
}

}  // namespace faultline::tlm
