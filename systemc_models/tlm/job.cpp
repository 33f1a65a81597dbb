// SPDX-License-Identifier: MIT
// Decoding and checking jobs, encoding completions.
#include "systemc_models/tlm/job.hpp"

#include <limits>

namespace faultline::tlm {

namespace {

/// How an opcode uses an address.
enum class Use : uint8_t {
  kNot,
  kBase,   ///< elements anywhere from there
  kRange,  ///< COUNT elements from there on
};

enum class Engines : uint8_t { kStreamOnly, kBoth };

struct OpcodeRules {
  Engines engines = Engines::kStreamOnly;
  Use dst = Use::kNot;
  Use src = Use::kNot;
  Use index = Use::kNot;
  bool alu = false;
};

constexpr OpcodeRules rules(regs::Opcode opcode) {
  using enum regs::Opcode;
  switch (opcode) {
    case kNop:
      return {.engines = Engines::kBoth};
    case kCopy:
      return {.engines = Engines::kBoth, .dst = Use::kRange, .src = Use::kRange};
    case kFill:
      return {.engines = Engines::kBoth, .dst = Use::kRange};
    case kGather:
      return {.dst = Use::kRange, .src = Use::kBase, .index = Use::kRange};
    case kScatter:
      return {.dst = Use::kBase, .src = Use::kRange, .index = Use::kRange};
    case kReduce:
      return {.src = Use::kRange, .alu = true};
    case kTransform:
      return {.dst = Use::kRange, .src = Use::kRange, .alu = true};
    case kAtomic:
      return {.dst = Use::kBase, .alu = true};
    case kAtomicExch:
    case kAtomicCas:
      return {.dst = Use::kBase};
    case kPrefetch:
      return {.dst = Use::kRange};
    case kPointerWalk:
      break;
  }
  return {};
}

bool is_aligned(uint64_t address, uint64_t bytes) { return address % bytes == 0; }

bool fits(Use use, uint64_t address, uint64_t count, uint64_t bytes) {
  if (use == Use::kNot) return true;
  if (!is_aligned(address, bytes)) return false;
  if (use == Use::kBase || count == 0) return true;
  const uint64_t max = std::numeric_limits<uint64_t>::max();
  return count <= max / bytes && count * bytes - 1 <= max - address;
}

bool mode_is_offered(Use use, regs::AddressMode mode, EngineKind engine, Addressing addressing) {
  if (use == Use::kNot) return true;
  switch (mode) {
    case regs::AddressMode::kVirtual:
      return addressing == Addressing::kVirtual;
    case regs::AddressMode::kVidmem:
    case regs::AddressMode::kSystem:
      return engine == EngineKind::kCopy;
  }
  return false;
}

bool is_atomic(regs::Opcode opcode) {
  using enum regs::Opcode;
  return opcode == kAtomic || opcode == kAtomicExch || opcode == kAtomicCas;
}

/// What only some opcodes have beyond ranges.
bool special_rules_hold(const Job& job, Addressing addressing) {
  if (job.opcode == regs::Opcode::kPointerWalk)
    return addressing == Addressing::kVirtual && job.src_mode == regs::AddressMode::kVirtual &&
           is_aligned(job.src + job.stride, sizeof(uint64_t));
  if (is_atomic(job.opcode)) return job.count <= 1 || is_aligned(job.stride, job.element_bytes());
  return true;
}

}  // namespace

Job decode(const JobWords& words) {
  namespace f = regs::job;
  const std::span<const uint64_t> record(words);
  return {
      .opcode = f::opcode.decode(record),
      .element_shift = static_cast<unsigned>(f::data_size.get(record)),
      .interrupt = f::intr.get(record) != 0,
      .weak = f::weak.get(record) != 0,
      .dst_mode = f::dst_mode.decode(record),
      .src_mode = f::src_mode.decode(record),
      .alu_op = f::alu_op.decode(record),
      .id = static_cast<uint32_t>(f::job_id.get(record)),
      .dst = f::dst.get(record),
      .src = f::src.get(record),
      .count = f::count.get(record),
      .index = f::index.get(record),
      .operand = f::operand.get(record),
      .compare = f::compare.get(record),
      .stride = f::stride.get(record),
  };
}

CompletionWords encode(const Completion& completion, uint32_t job_id) {
  namespace f = regs::completion;
  CompletionWords words{};
  const std::span<uint64_t> record(words);
  f::status.set(record, completion.status);
  f::fault_type.set(record, completion.fault_type);
  f::access_type.set(record, static_cast<uint8_t>(completion.access_type));
  f::valid.set(record, 1u);
  f::job_id.set(record, job_id);
  f::result.set(record, completion.result);
  f::done.set(record, completion.done);
  f::fault_address.set(record, completion.fault_address);
  return words;
}

bool is_well_formed(const Job& job, EngineKind engine, Addressing addressing) {
  if (job.opcode > regs::Opcode::kPrefetch) return false;
  const OpcodeRules rule = rules(job.opcode);
  if (engine == EngineKind::kCopy && rule.engines != Engines::kBoth) return false;
  if (rule.alu && job.alu_op > regs::AluOp::kMax) return false;
  return mode_is_offered(rule.dst, job.dst_mode, engine, addressing) &&
         mode_is_offered(rule.src, job.src_mode, engine, addressing) &&
         (rule.index == Use::kNot || addressing == Addressing::kVirtual) &&
         fits(rule.dst, job.dst, job.count, job.element_bytes()) &&
         fits(rule.src, job.src, job.count, job.element_bytes()) &&
         fits(rule.index, job.index, job.count, sizeof(uint64_t)) &&
         special_rules_hold(job, addressing);
}

}  // namespace faultline::tlm
