// SPDX-License-Identifier: MIT
// Requests, entries and times in words.
#include "systemc_models/sanitize/text.hpp"

#include <fmt/format.h>

namespace faultline::sanitize {

namespace {

const char* name_of(mmu::Aperture aperture) {
  switch (aperture) {
    case mmu::Aperture::kVidmem:
      return "video memory";
    case mmu::Aperture::kPeer:
      return "peer memory";
    default:
      return "system memory";
  }
}

const char* name_of(mmu::Level level) {
  switch (level) {
    case mmu::Level::kPte4k:
    case mmu::Level::kPte64k:
      return "PTE";
    case mmu::Level::kPde0:
      return "PDE0";
    case mmu::Level::kPde1:
      return "PDE1";
    case mmu::Level::kPde2:
      return "PDE2";
    case mmu::Level::kPde3:
      return "PDE3";
  }
  return "";
}

}  // namespace

std::string time_text(uint64_t ns) {
  constexpr double kNsPerMs = 1e6;
  return fmt::format("{:.6f} ms", static_cast<double>(ns) / kNsPerMs);
}

std::string request_text(const mmu::Request& request) {
  const mmu::Requester& who = request.requester;
  return fmt::format("{} of {:#x} by engine {}, {} client {} of GPC {}",
                     to_string(static_cast<regs::AccessType>(request.access)), request.va,
                     who.engine_id, who.client_type == mmu::ClientType::kGpc ? "GPC" : "hub",
                     who.client, who.gpc);
}

std::string place_text(const Step& step) {
  return fmt::format("{} at {:#x} of {}", name_of(step.level), step.address,
                     name_of(step.aperture));
}

std::string space_text(mmu::SpaceKey space) {
  return fmt::format("address space with page directory {:#x} of {}", mmu::pdb_of(space),
                     name_of(mmu::aperture_of(space)));
}

std::string page_text(mmu::Aperture aperture, uint64_t address) {
  return fmt::format("{:#x} of {}", address, name_of(aperture));
}

std::string operation_text(const Operation& operation) {
  const mmu::Invalidate& what = operation.invalidate;
  const std::string range =
      what.all_va ? "all addresses"
                  : fmt::format("{:#x} to {:#x}", what.va >> what.size_shift << what.size_shift,
                                (what.va >> what.size_shift << what.size_shift) +
                                    (uint64_t{1} << what.size_shift) - 1);
  const std::string space =
      what.all_pdb ? "all page directories" : fmt::format("page directory {:#x}", what.pdb);
  const std::string replay =
      operation.replays() ? fmt::format(", replay {}", to_string(what.replay)) : "";
  const std::string end = operation.acknowledged_ns
                              ? "acknowledged at " + time_text(operation.acknowledged_ns)
                              : "not acknowledged";
  return fmt::format("invalidate of {}, {}{}; {}", range, space, replay, end);
}

std::string note_text(const mmu::Note& note) {
  const uint64_t last = note.address + (note.pages << 12) - 1;
  switch (note.kind) {
    case regs::NoteKind::kWithdrawn:
      return fmt::format("the driver has withdrawn {:#x} to {:#x} from page directory {:#x}",
                         note.address, last, note.pdb);
    case regs::NoteKind::kVidmem:
      return fmt::format("the driver gives up {:#x} to {:#x} of video memory", note.address, last);
    case regs::NoteKind::kSystem:
      return fmt::format("the driver gives up {:#x} to {:#x} of system memory", note.address, last);
  }
  return "";
}

std::string line(uint64_t ns, const std::string& what) {
  return fmt::format("\n    {:>18}  {}", time_text(ns), what);
}

}  // namespace faultline::sanitize
