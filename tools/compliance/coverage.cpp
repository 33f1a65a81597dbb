// SPDX-License-Identifier: MIT
// The compliance table against the register description and the tests.
#include "tools/compliance/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/regs_gen/names.hpp"

namespace faultline::compliance {

namespace {

struct Member {
  std::string name;                ///< as the description spells it
  const Claim* special = nullptr;  ///< the claim that names it
};

/// A register, record or enum.
struct Owner {
  Place place;
  std::string name;
  std::string manual;
  std::vector<Member> members;
  const Claim* general = nullptr;  ///< the claim that names the whole

  const Claim* claim_of(const Member& member) const {
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

  void take(const Claim& claim) {
    for (const std::string& name : claim.of) take_name(claim, name);
  }

  void check_all_taken() {
    for (const Owner& owner : owners_) {
      for (const Member& member : owner.members) {
        if (owner.claim_of(member)) continue;
        regs_gen::report(
            errors_, owner.place, owner.name,
            fmt::format("{} has no row in the compliance table, and {} has none either",
                        regs_gen::upper(member.name), owner.name));
      }
    }
  }

  void check_unmodelled(const Unmodelled& unmodelled) {
    for (const std::string& name : unmodelled.names) {
      if (std::ranges::contains(owners_, name, &Owner::manual))
        regs_gen::report(errors_, unmodelled.place, name, "regs/*.toml has it: it needs a claim");
    }
  }

  /// One row for each register, record or enum that the claim names or names parts of.
  std::vector<Row> rows_of(const Claim& claim) {
    std::vector<Row> rows;
    for (const std::string& name : claim.of) {
      const Owner* owner = find(name);
      if (!owner || std::ranges::contains(rows, owner->name, &Row::owner)) continue;
      Row row{.owner = owner->name,
              .manual = owner->manual,
              .members = {},
              .named = named_by(claim, *owner),
              .claim = &claim};
      for (const Member& member : owner->members)
        if (owner->claim_of(member) == &claim) row.members.push_back(regs_gen::upper(member.name));
      row.is_whole = row.members.size() == owner->members.size();
      if (!row.members.empty()) {
        rows.push_back(std::move(row));
      } else if (owner->general == &claim) {
        report(claim, name, "each of its fields has a row of its own: this one says nothing");
      }
    }
    return rows;
  }

 private:
  /// The owner of "owner" or "owner.member".
  Owner* find(const std::string& name) {
    const auto found = std::ranges::find(owners_, name.substr(0, name.find('.')), &Owner::name);
    return found == owners_.end() ? nullptr : &*found;
  }

  /// The members of `owner` as the claim spells them.
  static std::vector<std::string> named_by(const Claim& claim, const Owner& owner) {
    std::vector<std::string> named;
    for (const std::string& name : claim.of)
      if (name.starts_with(owner.name + "."))
        named.push_back(regs_gen::upper(name.substr(owner.name.size() + 1)));
    return named;
  }

  void report(const Claim& claim, const std::string& name, std::string_view problem) {
    regs_gen::report(errors_, claim.place, name, problem);
  }

  void hold(const Claim*& holder, const Claim& claim, const std::string& name) {
    if (holder)
      report(claim, name, fmt::format("already has a row in line {}", holder->place.line));
    holder = &claim;
  }

  void take_name(const Claim& claim, const std::string& name) {
    const size_t dot = name.find('.');
    Owner* owner = find(name);
    if (!owner) return report(claim, name, "no register, record or enum of regs/*.toml");
    if (dot == std::string::npos) return hold(owner->general, claim, name);

    std::string wanted = name.substr(dot + 1);
    const bool is_prefix = wanted.ends_with('*');
    if (is_prefix) wanted.pop_back();
    bool found = false;
    for (Member& member : owner->members) {
      if (is_prefix ? !member.name.starts_with(wanted) : member.name != wanted) continue;
      hold(member.special, claim, owner->name + "." + member.name);
      found = true;
    }
    if (!found) report(claim, name, fmt::format("{} has no such field or value", owner->name));
  }

  std::vector<Owner> owners_;
  Errors& errors_;
};

}  // namespace

std::vector<Section> cover(const regs_gen::Description& description, const Table& table,
                           Errors& errors) {
  Coverage coverage(description, errors);
  for (const Manual& manual : table) {
    for (const Claim& claim : manual.claims) coverage.take(claim);
    for (const Unmodelled& unmodelled : manual.unmodelled) coverage.check_unmodelled(unmodelled);
  }
  coverage.check_all_taken();

  std::vector<Section> sections;
  for (const Manual& manual : table) {
    Section section{.manual = &manual, .rows = {}};
    for (const Claim& claim : manual.claims)
      for (Row& row : coverage.rows_of(claim)) section.rows.push_back(std::move(row));
    sections.push_back(std::move(section));
  }
  return sections;
}

void check_tests(const Table& table, const std::set<std::string>& names, Errors& errors) {
  for (const Manual& manual : table) {
    for (const Claim& claim : manual.claims) {
      for (const std::string& test : claim.tested_by) {
        if (!names.contains(test))
          regs_gen::report(errors, claim.place, claim.of.front(),
                           fmt::format("there is no test \"{}\"", test));
      }
    }
  }
}

}  // namespace faultline::compliance
