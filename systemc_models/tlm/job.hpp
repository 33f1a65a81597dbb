// SPDX-License-Identifier: MIT
// Jobs as software describes them, and what it gets back (device.md, "Job", "Completion").
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "regs/generated/faultline_regs.hpp"
#include "systemc_models/mmu/gmmu.hpp"

namespace faultline::tlm {

struct Job {
  regs::Opcode opcode = regs::Opcode::kNop;
  unsigned element_shift = 0;  ///< log2 of the element size in bytes
  bool interrupt = false;
  bool weak = false;
  regs::AddressMode dst_mode = regs::AddressMode::kVirtual;
  regs::AddressMode src_mode = regs::AddressMode::kVirtual;
  regs::AluOp alu_op = regs::AluOp::kAdd;
  uint32_t id = 0;
  uint64_t dst = 0;
  uint64_t src = 0;
  uint64_t count = 0;
  uint64_t index = 0;
  uint64_t operand = 0;
  uint64_t compare = 0;
  uint64_t stride = 0;

  uint64_t element_bytes() const { return uint64_t{1} << element_shift; }
};

using JobWords = std::array<uint64_t, regs::job::kWords>;
using CompletionWords = std::array<uint64_t, regs::completion::kWords>;

struct Completion {
  regs::CompletionStatus status = regs::CompletionStatus::kOk;
  uint8_t fault_type = 0;
  mmu::Access access_type = mmu::Access::kRead;
  uint64_t result = 0;
  uint64_t done = 0;
  uint64_t fault_address = 0;
};

Job decode(const JobWords& words);
CompletionWords encode(const Completion& completion, uint32_t job_id);

enum class EngineKind : uint8_t { kStream, kCopy };
enum class Addressing : uint8_t { kPhysicalOnly, kVirtual };  ///< CTRL.USE_INST 0, 1

/// Whether the engine can do the job: else BAD_JOB. Of a pointer walk only the first pointer is
/// looked at.
bool is_well_formed(const Job& job, EngineKind engine, Addressing addressing);

}  // namespace faultline::tlm
