// SPDX-License-Identifier: MIT
// Tells a walk as a story.
#include "tools/translate/explain.hpp"

#include <fmt/format.h>

#include "tools/translate/entry_fields.hpp"

namespace faultline::translate {

using mmu::Level;
using regs::FaultType;

namespace {

std::string access_text(mmu::Access access) {
  return std::string(to_string(static_cast<regs::AccessType>(access)));
}

std::string place_text(const Place& place) {
  return fmt::format("{} {:#x}", aperture_name(place.aperture), place.address);
}

std::string words_text(const WalkEntry& entry) {
  std::string text;
  for (size_t i = 0; i < entry.words; ++i)
    text += fmt::format("{}{:#018x}", i ? " " : "", entry.word[i]);
  return text;
}

std::string entry_text(const WalkEntry& entry) {
  std::string text = fmt::format("  {:<10}  at {}\n              {}\n", level_name(entry.level),
                                 place_text(entry.at), words_text(entry));
  if (entry.level == Level::kPde0 && holds_page(entry)) text += "              a page of 2M\n";
  for (const FieldText& field : fields_of(entry))
    text += fmt::format("              {:<17}  {}\n", field.name, field.value);
  return text;
}

std::string flags_text(const mmu::Answer& answer) {
  std::string text;
  if (answer.vol) text += ", VOL";
  if (answer.read_only) text += ", READ_ONLY";
  if (answer.atomic_disable) text += ", ATOMIC_DISABLE";
  return text;
}

std::string answer_text(const Question& question, const Reply& reply) {
  if (reply.missing)
    return fmt::format("no answer: the image has no memory at {}", place_text(*reply.missing));
  switch (reply.result) {
    case Result::kFault:
      return fmt::format("fault {}: {}", to_string(reply.fault_type), reason(question, reply));
    case Result::kSparse:
      return fmt::format("sparse: {}; reads give 0, writes are dropped", reason(question, reply));
    case Result::kTranslated:
      break;
  }
  const mmu::Answer& answer = reply.answer;
  const bool peer = answer.aperture == mmu::Aperture::kPeer;
  return fmt::format("{}{} {:#x}, page of {}, kind {:#04x}{}", aperture_name(answer.aperture),
                     peer ? fmt::format(" {}", answer.peer) : "", answer.pa,
                     page_size_name(answer.page_shift), answer.kind, flags_text(answer));
}

std::string directory_reason(const WalkEntry& entry) {
  if (entry.level == Level::kPde0)
    return "APERTURE_BIG and APERTURE_SMALL of PDE0 are INVALID and VOL_BIG is 0";
  if (regs::pde::is_pte.get(entry.word))
    return fmt::format("IS_PTE of {} is 1, but pages above 2M do not exist",
                       level_name(entry.level));
  return fmt::format("APERTURE of {} is INVALID and VOL is 0", level_name(entry.level));
}

std::string page_reason(const WalkEntry& entry) {
  const auto name = level_name(entry.level);
  if (entry.level == Level::kPte64k && regs::pte::privilege.get(entry.word))
    return fmt::format("VALID of the {} is 0, and PRIVILEGE is 1: no 4K pages either", name);
  return fmt::format("VALID and VOL of the {} are 0", name);
}

std::string sparse_reason(const WalkEntry& entry) {
  if (holds_page(entry))
    return fmt::format("VALID of the {} is 0 and VOL is 1", level_name(entry.level));
  if (entry.level == Level::kPde0)
    return "APERTURE_BIG and APERTURE_SMALL of PDE0 are INVALID and VOL_BIG is 1";
  return fmt::format("APERTURE of {} is INVALID and VOL is 1", level_name(entry.level));
}

}  // namespace

std::string reason(const Question& question, const Reply& reply) {
  if (reply.result == Result::kSparse) return sparse_reason(reply.walk.back());
  if (reply.result == Result::kTranslated) return {};
  switch (reply.fault_type) {
    case FaultType::kUnboundInstBlock:
      return "the instance block binds no address space: PAGE_DIR_BASE_TARGET is INVALID, "
             "USE_VER2_PT_FORMAT is 0 or BIG_PAGE_SIZE is 0";
    case FaultType::kVaLimitViolation:
      return "the address has bits above bit 48";
    case FaultType::kPde:
      return directory_reason(reply.walk.back());
    case FaultType::kPte:
      return page_reason(reply.walk.back());
    case FaultType::kUnsupportedKind:
      return "KIND is 0xff, INVALID";
    case FaultType::kPrivViolation:
      return "PRIVILEGE is 1 and the request is not privileged";
    case FaultType::kRoViolation:
      return fmt::format("READ_ONLY is 1 and the access is {}", access_text(question.access));
    case FaultType::kAtomicViolation:
      return "ATOMIC_DISABLE is 1 and the access is a strong atomic";
    default:
      return "no rule of the walk";
  }
}

std::string explain(const Question& question, const Reply& reply) {
  std::string text = fmt::format("{} of {:#x}, {}\n", access_text(question.access), question.va,
                                 question.privileged ? "privileged" : "not privileged");
  for (const WalkEntry& entry : reply.walk) text += entry_text(entry);
  return text + "  answer      " + answer_text(question, reply) + "\n";
}

}  // namespace faultline::translate
