// SPDX-License-Identifier: MIT
// A machine whose stream channel has an address space and a fault buffer.
#pragma once

#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"
#include "tests/unit/device/machine.hpp"

namespace faultline::device_test {

using Packet = std::array<uint32_t, regs::fault_packet::kWords>;

/// Tables, instance block and fault buffer are in system memory; nothing is mapped at first.
struct FaultMachine : Machine {
  static constexpr unsigned kChannel = 5;
  static constexpr uint64_t kVa = 0x7f0000000000;
  static constexpr uint64_t kPage = 4096;
  static constexpr uint64_t kInstance = 8 << 20;
  static constexpr uint64_t kTables = 9 << 20;
  static constexpr uint64_t kFaultBuffer = 12 << 20;
  static constexpr uint64_t kData = 16 << 20;
  static constexpr uint32_t kPackets = 64;

  explicit FaultMachine(const std::vector<std::string>& options = {});

  /// Where the replayable faults are reported from now on.
  void set_fault_buffer(uint64_t address);
  /// Page `page` after kVa to the same page after kData.
  void map(uint64_t page);
  uint32_t packets_written();
  Packet packet(uint32_t index);
  void invalidate(regs::ReplayOp op);

  builder::PageTables tables{ram,
                             builder::BumpAllocator(kTables, {regs::PdeAperture::kSysCoherent})};
  builder::InstanceBlock block{ram,
                               {.address = kInstance, .aperture = mmu::Aperture::kSysCoherent}};
};

regs::CompletionStatus status_of(const CompletionWords& completion);

}  // namespace faultline::device_test
