// SPDX-License-Identifier: MIT
// Agreement of the MMU's answers with the page tables, and what follows when they disagree.
#include "systemc_models/sanitize/translations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

#include "systemc_models/sanitize/text.hpp"

namespace faultline::sanitize {

namespace {

constexpr unsigned kPageShift = mmu::shift_of(mmu::Level::kPte4k);
constexpr uint64_t kPageBytes = uint64_t{1} << kPageShift;
constexpr size_t kMostWordEvents = 12;
constexpr size_t kMostOperationsShown = 8;

/// Coherent or not, system memory is the same.
uint64_t physical_key(mmu::Aperture aperture, uint64_t address) {
  const bool system =
      aperture == mmu::Aperture::kSysCoherent || aperture == mmu::Aperture::kSysNonCoherent;
  const auto which = system ? mmu::Aperture::kSysCoherent : aperture;
  return (address >> kPageShift << kPageShift) | static_cast<uint64_t>(which);
}

uint64_t leaf_word(const Path& path) {
  return path.steps().empty() ? 0 : path.steps().back().words[0];
}

bool names_same_page(const mmu::Leaf& leaf, uint64_t va, const mmu::Answer& answer) {
  const mmu::Answer now = mmu::answer_from(leaf, va);
  return physical_key(now.aperture, now.pa) == physical_key(answer.aperture, answer.pa);
}

/// Whether the tables give the answer: they may allow more by now, not less.
bool gives(const mmu::WalkResult& result, const Use& use) {
  const auto* leaf = std::get_if<mmu::Leaf>(&result);
  return leaf && names_same_page(*leaf, use.request.va, use.answer) &&
         !check_access(*leaf, use.request.access, use.request.requester.privileged,
                       use.strong_atomics);
}

/// The first entry of the old path that has changed.
const Step* first_difference(const Path& old, const Path& now) {
  const auto [before, after] = std::ranges::mismatch(old.steps(), now.steps());
  return before == old.steps().end() ? nullptr : &*before;
}

std::string step_text(const Step& step) {
  return fmt::format("{}, {:#018x}", place_text(step), step.words[0]);
}

}  // namespace

void Translations::used(const Use& use) {
  Entry& entry = spaces_[use.binding.space][use.request.va >> kPageShift];
  const bool is_same = entry.known && names_same_page(entry.leaf, use.request.va, use.answer);
  if (is_same && walk_.is_unchanged(entry.path) && gives(entry.leaf, use)) {
    agree(entry, use);
    return;
  }
  const Walk walk = walk_.walk(use.binding, use.request.va);
  if (gives(walk.result, use)) {
    learn(entry, walk, use);
    agree(entry, use);
  } else {
    disagree(entry, walk, use);
  }
}

void Translations::agree(Entry& entry, const Use& use) {
  if (entry.noted && entry.noted->still_valid && !std::exchange(entry.reported, true))
    complain(Kind::kUseAfterWithdraw, use, entry,
             "reached a page that the driver has given up, by an entry that is still valid");
  // It was invalid when the note came, and has been written anew.
  if (entry.noted && !entry.noted->still_valid) entry.noted.reset();
  if (entry.changed_ns) {
    remember(entry, use.now_ns, "is as it was when it was read", leaf_word(entry.path));
    entry.changed_ns.reset();
  }
  entry.last_agreed = operations_.latest();
  entry.last_use_ns = use.now_ns;
  ++entry.uses;
}

/// What the MMU answers is what the tables say, and that is new.
void Translations::learn(Entry& entry, const Walk& walk, const Use& use) {
  const bool is_other = !entry.known || entry.path != walk.path;
  entry.known = true;
  entry.path = walk.path;
  entry.leaf = std::get<mmu::Leaf>(walk.result);
  place(entry, use);
  if (!is_other) return;
  remember(entry, use.now_ns, "read by the walk", leaf_word(walk.path));
  entry.uses = 0;
  entry.first_use_ns = use.now_ns;
  entry.changed_ns.reset();
  entry.noted.reset();
  entry.reported = false;
  check_memory(entry, use);
}

/// The MMU has this from before a change.
void Translations::disagree(Entry& entry, const Walk& walk, const Use& use) {
  const bool is_another = entry.page != physical_key(use.answer.aperture, use.answer.pa);
  if (is_another || is_covered(entry, walk, use)) {
    // Read, and changed again, before anybody could look at it.
    Entry fresh;
    fresh.word = std::move(entry.word);
    entry = std::move(fresh);
    place(entry, use);
    entry.first_use_ns = use.now_ns;
    entry.last_agreed = operations_.latest();
  }
  if (!entry.changed_ns) {
    entry.changed_ns = use.now_ns;
    entry.changed_after = operations_.latest();
    remember(entry, use.now_ns, "seen changed behind the TLB", leaf_word(walk.path));
  }
  const auto why = entry.reported ? std::nullopt : evidence(entry, walk, use);
  if (why) {
    entry.reported = true;
    complain(Kind::kStaleTranslation, use, entry,
             "used a translation whose page-table word has changed, without an invalidate that "
             "covers it: " +
                 *why);
  }
  ++entry.uses;
  entry.last_use_ns = use.now_ns;
}

std::optional<std::string> Translations::evidence(const Entry& entry, const Walk& walk,
                                                  const Use& use) const {
  const auto* leaf = std::get_if<mmu::Leaf>(&walk.result);
  if (entry.known && leaf && !names_same_page(*leaf, use.request.va, use.answer))
    return "the entry names another page already";
  if (entry.noted) return note_text(entry.noted->note);
  for (const Operation& operation : operations_.history() | std::views::reverse) {
    if (operation.number <= entry.changed_after) break;
    if (!operation.replays() && operation.acknowledged_ns != 0 &&
        operation.invalidate.hits_space(use.binding.space))
      return "an invalidate of other addresses has been triggered since and is acknowledged";
  }
  if (use.now_ns - *entry.changed_ns > kPatienceNs)
    return fmt::format("none came in {}", time_text(kPatienceNs));
  return {};
}

/// Then the MMU has forgotten what it had, and has read anew.
bool Translations::is_covered(const Entry& entry, const Walk& walk, const Use& use) const {
  const auto client = use.request.requester.client_type;
  const auto space = use.binding.space;
  const Step* changed = entry.known ? first_difference(entry.path, walk.path) : nullptr;
  const bool is_page = !changed || changed == &entry.path.steps().back();
  if (!is_page)
    return operations_.covers_directory(space, use.request.va, changed->level, client,
                                        entry.last_agreed);
  return operations_.covers_page(space, use.request.va, use.answer.page_shift, client,
                                 entry.last_agreed);
}

/// Of the page of the entry: both ends.
void Translations::check_memory(const Entry& entry, const Use& use) {
  std::array<std::byte, 1> byte;
  const uint64_t last = entry.leaf.page + (uint64_t{1} << entry.leaf.page_shift) - 1;
  if (memory_.read(entry.leaf.aperture, entry.leaf.page, byte) &&
      memory_.read(entry.leaf.aperture, last, byte))
    return;
  const Step& step = entry.path.steps().back();
  if (!outside_.emplace(step.address, step.words[0]).second) return;
  complain(Kind::kOutsideMemory, use, entry,
           fmt::format("was sent to {}, where no memory answers, by the {}",
                       page_text(entry.leaf.aperture, entry.leaf.page), step_text(step)));
}

void Translations::walked_outside(const mmu::Request& request, const mmu::Binding& binding,
                                  uint64_t now_ns) {
  const Walk walk = walk_.walk(binding, request.va);
  const auto* fault = std::get_if<regs::FaultType>(&walk.result);
  if (!fault || *fault != regs::FaultType::kRegionViolation) return;
  // Without the root the device has no access to memory at all.
  if (walk.path.steps().empty()) return;
  const Step& step = walk.path.steps().back();
  if (!outside_.emplace(step.address, step.words[0]).second) return;
  std::string text = fmt::format("{} found a {} that leads to where no memory answers",
                                 request_text(request), place_text(step));
  text += fmt::format("\n  the walk, in the {}:", space_text(binding.space));
  for (const Step& read : walk.path.steps()) text += line(now_ns, step_text(read));
  report_({.kind = Kind::kOutsideMemory, .device_ns = now_ns, .text = std::move(text)});
}

void Translations::note_one(Entry& entry, const Noted& noted) {
  entry.noted = noted;
  entry.noted->still_valid = entry.known && !entry.changed_ns && walk_.is_unchanged(entry.path);
}

void Translations::noted(const mmu::Note& note, uint64_t now_ns) {
  const Noted noted{.note = note, .ns = now_ns, .still_valid = false};
  const uint64_t first = note.address >> kPageShift;
  if (note.kind == regs::NoteKind::kWithdrawn) {
    for (auto& [key, space] : spaces_) {
      if (mmu::pdb_of(key) != note.pdb) continue;
      for (auto at = space.lower_bound(first); at != space.end() && at->first - first < note.pages;
           ++at)
        note_one(at->second, noted);
    }
    return;
  }
  const auto aperture =
      note.kind == regs::NoteKind::kVidmem ? mmu::Aperture::kVidmem : mmu::Aperture::kSysCoherent;
  for (uint64_t i = 0; i < note.pages; ++i) {
    const uint64_t key = physical_key(aperture, note.address + (i << kPageShift));
    const auto [from, to] = by_page_.equal_range(key);
    for (auto at = from; at != to;) {
      Entry& entry = spaces_[at->second.space][at->second.number];
      if (entry.page == key) {
        note_one(entry, noted);
        ++at;
      } else {
        at = by_page_.erase(at);
      }
    }
  }
}

/// Where it leads to; what it led to before is dropped from the index when somebody asks.
void Translations::place(Entry& entry, const Use& use) {
  const uint64_t key = physical_key(use.answer.aperture, use.answer.pa);
  if (entry.page == key) return;
  entry.page = key;
  const uint64_t number = use.request.va >> kPageShift;
  const auto [from, to] = by_page_.equal_range(key);
  const bool is_there = std::any_of(from, to, [&](const auto& other) {
    return other.second.space == use.binding.space && other.second.number == number;
  });
  if (!is_there) by_page_.emplace(key, Place{use.binding.space, number});
}

void Translations::forget(const mmu::Invalidate& operation) {
  if (!operation.all_va) return;
  std::erase_if(spaces_, [&](const auto& space) { return operation.hits_space(space.first); });
  std::erase_if(by_page_,
                [&](const auto& place) { return operation.hits_space(place.second.space); });
}

void Translations::clear() {
  spaces_.clear();
  by_page_.clear();
  outside_.clear();
}

void Translations::remember(Entry& entry, uint64_t ns, const char* what, uint64_t word) {
  if (entry.word.size() == kMostWordEvents) entry.word.erase(entry.word.begin());
  entry.word.push_back({.ns = ns, .what = what, .word = word});
}

std::string Translations::histories(const Entry& entry, const Use& use) const {
  std::string text = "\n  the page-table word";
  if (entry.known) text += fmt::format(", {}:", place_text(entry.path.steps().back()));
  if (!entry.known) text += ", read and changed before it was looked at:";
  for (const WordEvent& event : entry.word)
    text += line(event.ns, fmt::format("{:#018x} {}", event.word, event.what));

  text += fmt::format(
      "\n  the translation of {:#x} to {}, {}:", use.request.va >> kPageShift << kPageShift,
      page_text(use.answer.aperture, use.answer.pa >> kPageShift << kPageShift),
      space_text(use.binding.space));
  text += line(entry.first_use_ns, "first used");
  if (entry.uses > 0)
    text +=
        line(entry.last_use_ns, fmt::format("last used before this, {} times in all", entry.uses));
  std::vector<const Operation*> shown;
  for (const Operation& operation : operations_.history() | std::views::reverse) {
    if (operation.triggered_ns < entry.first_use_ns || shown.size() == kMostOperationsShown) break;
    if (operation.invalidate.hits_space(use.binding.space)) shown.push_back(&operation);
  }
  for (const Operation* operation : shown | std::views::reverse)
    text += line(operation->triggered_ns, operation_text(*operation));
  if (entry.noted) text += line(entry.noted->ns, "note: " + note_text(entry.noted->note));
  return text + line(use.now_ns, request_text(use.request));
}

void Translations::complain(Kind kind, const Use& use, const Entry& entry,
                            const std::string& what) {
  report_({.kind = kind,
           .device_ns = use.now_ns,
           .text = request_text(use.request) + " " + what + histories(entry, use)});
}

}  // namespace faultline::sanitize
