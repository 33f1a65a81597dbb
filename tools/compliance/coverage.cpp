// SPDX-License-Identifier: MIT
// The compliance table against the register description.
#include "tools/compliance/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tools/regs_gen/names.hpp"

namespace faultline::compliance {

namespace {

struct Member {
  std::string name;                ///< as the description spells it
  const Entry* special = nullptr;  ///< the entry that names it
};

/// A register, record or enum.
struct Owner {
  Place place;
  std::string name;
  std::string manual;
  std::vector<Member> members;
  const Entry* general = nullptr;  ///< the entry that names the whole

  const Entry* entry_of(const Member& member) const {
    return member.special ? member.special : general;
  }
};

template <typename Item, typename Members>
Owner make_owner(const Item& item, const Members& members) {
  Owner owner{.place = item.place, .name = item.name, .manual = item.manual, .members = {}};
  for (const auto& member : members) owner.members.push_back({member.name});
  return owner;
}

class Coverage {
 public:
  Coverage(const regs_gen::Description& description, Errors& errors) : errors_(errors) {
    for (const regs_gen::Chapter& chapter : description.chapters) {
      for (const auto& record : chapter.records)
        owners_.push_back(make_owner(record, record.fields));
      for (const auto& reg : chapter.registers) owners_.push_back(make_owner(reg, reg.fields));
      for (const auto& e : chapter.enums) owners_.push_back(make_owner(e, e.values));
    }
  }

  void claim(const Entry& entry) {
    for (const std::string& name : entry.of) claim_one(entry, name);
  }

  void check_all_claimed() {
    for (const Owner& owner : owners_) {
      if (owner.manual.empty()) continue;
      for (const Member& member : owner.members) {
        if (owner.entry_of(member)) continue;
        regs_gen::report(
            errors_, owner.place, owner.name,
            fmt::format("{} has no row in the compliance table, and {} ({}) has none either",
                        regs_gen::upper(member.name), owner.name, owner.manual));
      }
    }
  }

  /// One row for each register, record or enum that the entry names or names parts of.
  std::vector<Row> rows_of(const Entry& entry) const {
    std::vector<Row> rows;
    std::set<std::string> done;
    for (const std::string& name : entry.of) {
      const Owner* owner = find(*this, name);
      if (!owner || !done.insert(owner->name).second) continue;
      Row row{.owner = owner->name, .manual = owner->manual, .members = {}, .claim = &entry.claim};
      for (const Member& member : owner->members)
        if (owner->entry_of(member) == &entry) row.members.push_back(regs_gen::upper(member.name));
      row.is_whole = row.members.size() == owner->members.size();
      if (!row.members.empty()) {
        rows.push_back(std::move(row));
      } else if (owner->general == &entry) {
        report(entry, name, "each of its fields has a row of its own: this one says nothing");
      }
    }
    return rows;
  }

 private:
  /// The owner of "owner" or "owner.member".
  template <typename Self>
  static auto find(Self& self, const std::string& name) -> decltype(&self.owners_.front()) {
    const auto found =
        std::ranges::find(self.owners_, name.substr(0, name.find('.')), &Owner::name);
    return found == self.owners_.end() ? nullptr : &*found;
  }

  void report(const Entry& entry, const std::string& name, std::string_view problem) const {
    regs_gen::report(errors_, entry.place, name, problem);
  }

  void take(const Entry*& holder, const Entry& entry, const std::string& name) {
    if (holder)
      report(entry, name, fmt::format("already has a row in line {}", holder->place.line));
    holder = &entry;
  }

  void claim_one(const Entry& entry, const std::string& name) {
    const size_t dot = name.find('.');
    Owner* owner = find(*this, name);
    if (!owner) return report(entry, name, "no register, record or enum of regs/*.toml");
    if (dot == std::string::npos) return take(owner->general, entry, name);

    std::string wanted = name.substr(dot + 1);
    const bool is_prefix = wanted.ends_with('*');
    if (is_prefix) wanted.pop_back();
    bool found = false;
    for (Member& member : owner->members) {
      if (is_prefix ? !member.name.starts_with(wanted) : member.name != wanted) continue;
      take(member.special, entry, owner->name + "." + member.name);
      found = true;
    }
    if (!found) report(entry, name, fmt::format("{} has no such field or value", owner->name));
  }

  std::vector<Owner> owners_;
  Errors& errors_;
};

void check_ids(const Table& table, Errors& errors) {
  std::map<std::string, unsigned> lines;
  for (const Manual& manual : table) {
    for (const Behaviour& behaviour : manual.behaviours) {
      const auto [taken, fresh] = lines.emplace(behaviour.id, behaviour.place.line);
      if (!fresh)
        regs_gen::report(errors, behaviour.place, "behaviour " + behaviour.id,
                         fmt::format("the id is taken in line {}", taken->second));
    }
  }
}

}  // namespace

std::vector<Section> cover(const regs_gen::Description& description, const Table& table,
                           Errors& errors) {
  Coverage coverage(description, errors);
  for (const Manual& manual : table)
    for (const Entry& entry : manual.entries) coverage.claim(entry);
  coverage.check_all_claimed();
  check_ids(table, errors);

  std::vector<Section> sections;
  for (const Manual& manual : table) {
    Section section{.manual = &manual, .rows = {}};
    for (const Entry& entry : manual.entries)
      for (Row& row : coverage.rows_of(entry)) section.rows.push_back(std::move(row));
    sections.push_back(std::move(section));
  }
  return sections;
}

}  // namespace faultline::compliance
