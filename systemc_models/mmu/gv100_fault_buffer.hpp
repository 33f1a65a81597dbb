// SPDX-License-Identifier: MIT
// One GV100 fault buffer: its registers, and where the next packet goes (pri_mmu_hub).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/mmu/trace.hpp"

namespace faultline::mmu {

using FaultPacket = std::array<uint32_t, regs::fault_packet::kWords>;

/// The packet as it lies in memory.
FaultPacket make_gv100_packet(const FaultRecord& record);

/// The form of a request's word 7 that packets and the snapshot share.
uint32_t gv100_fault_info(const FaultRecord& record);

class FaultBuffer {
 public:
  /// Where a packet is to be written.
  struct Slot {
    uint32_t index;
    regs::FaultBufferAddrMode mode;
    Aperture aperture;  ///< of a physical address
    uint64_t address;
  };

  explicit FaultBuffer(unsigned default_entries) : default_entries_(default_entries) {}

  /// Place of the next packet. Nothing: the packet is dropped, because the buffer overflowed before
  /// or does now, or because GET is corrupt.
  std::optional<Slot> reserve();
  /// The packet is complete in memory: PUT advances.
  void commit();
  /// For a copy that follows another: it overflowed unseen, or did not.
  void assume_overflow(bool overflow) { overflow_ = overflow; }
  /// The packet could not be written.
  void fail() { error_ = true; }

  void write_lo(uint32_t value) { lo_ = value; }
  void write_hi(uint32_t value) { hi_ = value; }
  void write_get(uint32_t value);
  void write_size(uint32_t value);
  uint32_t lo() const { return lo_; }
  uint32_t hi() const { return hi_; }
  uint32_t get() const;
  uint32_t put() const;
  uint32_t size() const { return size_; }

  bool enabled() const { return regs::mmu_fault_buffer_size::enable.get(size_) != 0; }
  bool pending() const { return get_ != put_; }
  bool overflow() const { return overflow_; }
  bool overflow_interrupt() const {
    return overflow_ && regs::mmu_fault_buffer_size::overflow_intr.get(size_) != 0;
  }
  bool getptr_corrupted() const { return getptr_corrupted_; }
  bool error() const { return error_; }

 private:
  uint32_t entries() const { return regs::mmu_fault_buffer_size::val.get(size_); }
  void check_get();
  uint32_t after(uint32_t index) const { return index + 1 >= entries() ? 0 : index + 1; }

  unsigned default_entries_;
  uint32_t lo_ = 0;
  uint32_t hi_ = 0;
  uint32_t size_ = 0;
  uint32_t get_ = 0;
  uint32_t put_ = 0;
  bool overflow_ = false;
  bool getptr_corrupted_ = false;
  bool error_ = false;
};

}  // namespace faultline::mmu
