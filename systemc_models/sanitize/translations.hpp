// SPDX-License-Identifier: MIT
// Translations in use, held against the page tables and against what the driver says.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "systemc_models/mmu/leaf.hpp"
#include "systemc_models/mmu/observer.hpp"
#include "systemc_models/sanitize/mistake.hpp"
#include "systemc_models/sanitize/operations.hpp"
#include "systemc_models/sanitize/table_walk.hpp"

namespace faultline::sanitize {

/// One use of a translation.
struct Use {
  const mmu::Request& request;
  const mmu::Answer& answer;
  const mmu::Binding& binding;
  mmu::StrongAtomics strong_atomics;
  uint64_t now_ns;
};

/// What may be said of an entry that has changed behind a TLB, and when: see the rules in
/// docs/developer/sanitizer.md. An address is known from its first use on.
class Translations {
 public:
  /// A driver waits no longer for an invalidate.
  static constexpr uint64_t kPatienceNs = 1'000'000'000;

  Translations(mmu::Memory& memory, TableWalk& walk, const Operations& operations, Report report)
      : memory_(memory), walk_(walk), operations_(operations), report_(std::move(report)) {}

  void used(const Use& use);
  /// A walk met an entry behind which no memory answers.
  void walked_outside(const mmu::Request& request, const mmu::Binding& binding, uint64_t now_ns);
  void noted(const mmu::Note& note, uint64_t now_ns);
  /// All of these address spaces is forgotten: they may be about to be freed.
  void forget(const mmu::Invalidate& operation);
  void clear();

 private:
  struct WordEvent {
    uint64_t ns;
    const char* what;
    uint64_t word;
  };
  struct Noted {
    mmu::Note note;
    uint64_t ns;
    bool still_valid;  ///< the entry was there when the note came
  };
  struct Entry {
    bool known = false;  ///< `path` and `leaf` led to what the MMU answers
    Path path;
    mmu::Leaf leaf;
    std::optional<uint64_t> page;  ///< 4 KiB page that it leads to, with its aperture
    uint64_t uses = 0;
    uint64_t first_use_ns = 0;
    uint64_t last_use_ns = 0;
    uint64_t last_agreed = 0;            ///< latest operation when it was last as the tables say
    std::optional<uint64_t> changed_ns;  ///< since when the tables are known to say otherwise
    uint64_t changed_after = 0;          ///< the latest operation then
    std::optional<Noted> noted;
    bool reported = false;
    std::vector<WordEvent> word;
  };
  using Space = std::map<uint64_t, Entry>;  // by page number of the virtual address
  struct Place {
    mmu::SpaceKey space;
    uint64_t number;
  };

  void agree(Entry& entry, const Use& use);
  void learn(Entry& entry, const Walk& walk, const Use& use);
  void disagree(Entry& entry, const Walk& walk, const Use& use);
  /// Why it is a mistake by now; nothing: it may still be a race.
  std::optional<std::string> evidence(const Entry& entry, const Walk& walk, const Use& use) const;
  bool is_covered(const Entry& entry, const Walk& walk, const Use& use) const;
  void check_memory(const Entry& entry, const Use& use);
  void note_one(Entry& entry, const Noted& noted);
  void place(Entry& entry, const Use& use);
  void remember(Entry& entry, uint64_t ns, const char* what, uint64_t word);
  std::string histories(const Entry& entry, const Use& use) const;
  void complain(Kind kind, const Use& use, const Entry& entry, const std::string& what);

  mmu::Memory& memory_;
  TableWalk& walk_;
  const Operations& operations_;
  Report report_;
  std::unordered_map<mmu::SpaceKey, Space> spaces_;
  std::unordered_multimap<uint64_t, Place> by_page_;
  std::set<std::pair<uint64_t, uint64_t>> outside_;  // address and word of entries reported
};

}  // namespace faultline::sanitize
