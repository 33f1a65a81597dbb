// SPDX-License-Identifier: MIT
// What crosses the ports of the RTL.
#pragma once

#include <cstdint>
#include <optional>

#include "systemc_models/rtl_shell/messages.hpp"
#include "systemc_models/rtl_shell/read_channel.hpp"
#include "systemc_models/rtl_shell/write_channel.hpp"

namespace faultline::rtl {

/// A register access and its answer, which comes in the same cycle.
struct RegisterAccess {
  uint32_t offset;
  bool is_write;
  uint32_t value;  ///< written, or read
};

/// Called from inside a cycle, in the order below: must not touch the RTL or its clients. Tags are
/// those on the ports.
class PortObserver {
 public:
  virtual ~PortObserver() = default;
  virtual void cycle_begins(uint64_t /*cycle*/) {}
  virtual void requested(unsigned /*port*/, const mmu::Request&) {}
  virtual void responded(unsigned /*port*/, const Response&) {}
  virtual void withdrawn(unsigned /*port*/, uint16_t /*tag*/) {}
  virtual void space(unsigned /*port*/) {}
  virtual void bar1_requested(uint64_t /*offset*/, mmu::Access) {}
  virtual void bar1_responded(const mmu::Answer&) {}
  /// A read of page tables or instance blocks, when its address is taken and the memory looked at.
  virtual void memory_read(const ReadChannel::Read&) {}
  /// A whole write burst, when memory has it.
  virtual void memory_written(const WriteChannel::Burst&) {}
  virtual void interrupt(uint32_t /*pending*/, uint32_t /*rose*/) {}
  virtual void register_accessed(const RegisterAccess&) {}
  /// The RTL has come to rest after it had something to do: told in the
  /// cycle after, in which nothing else happens.
  virtual void rested() {}
  virtual void was_reset() {}
};

}  // namespace faultline::rtl
