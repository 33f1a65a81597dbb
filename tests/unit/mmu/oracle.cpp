// SPDX-License-Identifier: MIT
// What a request may be answered.
#include "tests/unit/mmu/oracle.hpp"

#include <stdexcept>
#include <utility>

#include "tests/builder/page_tables.hpp"

namespace faultline::mmu::test {

using builder::TablePointer;
using regs::FaultType;
using regs::PdeAperture;

namespace {

constexpr unsigned kPageShifts[] = {12, 16, 21};

struct Shape {
  unsigned entries;
  unsigned words;
};

Shape shape_of(Level level) {
  switch (level) {
    case Level::kPde3:
      return {.entries = 4, .words = 1};
    case Level::kPde0:
      return {.entries = 256, .words = 2};
    case Level::kPte64k:
      return {.entries = 32, .words = 1};
    default:
      return {.entries = 512, .words = 1};
  }
}

TablePointer next_of(uint64_t entry) {
  using namespace regs::pde;
  const PdeAperture where = aperture.decode(entry);
  const uint64_t frame =
      where == PdeAperture::kVidmem ? address_vid.get(entry) : address_sys.get(entry);
  return {.address = frame << kAddressShift, .aperture = where};
}

TablePointer big_of(const builder::DualEntry& dual) {
  using namespace regs::dual_pde;
  const PdeAperture where = aperture_big.decode(dual[0]);
  const uint64_t frame =
      where == PdeAperture::kVidmem ? address_big_vid.get(dual[0]) : address_big_sys.get(dual[0]);
  return {.address = frame << kAddressBigShift, .aperture = where};
}

/// The upper word of a dual entry is laid out as a single one.
TablePointer small_of(const builder::DualEntry& dual) { return next_of(dual[1]); }

bool exists(const TablePointer& table) { return table.aperture != PdeAperture::kInvalid; }

OraclePage page_of(uint64_t entry, unsigned shift) {
  using namespace regs::pte;
  OraclePage page;
  page.aperture = aperture.decode(entry);
  page.address =
      page.aperture == regs::PteAperture::kVidmem ? address_vid.get(entry) : address_sys.get(entry);
  page.address = (page.address << kAddressShift) & ~((uint64_t{1} << shift) - 1);
  page.shift = shift;
  page.kind = static_cast<uint8_t>(kind.get(entry));
  page.vol = vol.get(entry) != 0;
  page.privilege = privilege.get(entry) != 0;
  page.read_only = read_only.get(entry) != 0;
  page.atomic_disable = atomic_disable.get(entry) != 0;
  return page;
}

OracleResult result_of(uint64_t entry, unsigned shift) {
  if (regs::pte::valid.get(entry) != 0) return page_of(entry, shift);
  if (regs::pte::vol.get(entry) != 0) return OracleSparse{};
  return FaultType::kPte;
}

/// What an entry that leads nowhere means.
OracleResult end_of(uint64_t entry) {
  if (regs::pde::vol.get(entry) != 0) return OracleSparse{};
  return FaultType::kPde;
}

}  // namespace

std::optional<FaultType> refusal(const OraclePage& page, Access access, bool privileged) {
  const bool reads = access == Access::kRead || access == Access::kPrefetch;
  if (page.kind == 0xff) return FaultType::kUnsupportedKind;
  if (page.privilege && !privileged) return FaultType::kPrivViolation;
  if (page.read_only && !reads) return FaultType::kRoViolation;
  if (page.atomic_disable && access == Access::kAtomic) return FaultType::kAtomicViolation;
  return {};
}

Oracle::Entry Oracle::read(const TablePointer& table, uint64_t va, Level level) {
  const Shape shape = shape_of(level);
  const uint64_t index = (va >> shift_of(level)) % shape.entries;
  Entry entry{};
  const auto words = std::span(entry).first(shape.words);
  if (!memory_.read(builder::access_aperture(table.aperture),
                    table.address + index * words.size_bytes(), std::as_writable_bytes(words)))
    throw std::runtime_error("the test's tables must lie in memory");
  return entry;
}

OracleResult Oracle::page_in(const Entry& dual, uint64_t va) {
  if (exists(big_of(dual))) {
    const uint64_t entry = read(big_of(dual), va, Level::kPte64k)[0];
    const OracleResult found = result_of(entry, 16);
    const bool open = std::holds_alternative<FaultType>(found) &&
                      regs::pte::privilege.get(entry) == 0 && exists(small_of(dual));
    if (!open) return found;
  }
  return result_of(read(small_of(dual), va, Level::kPte4k)[0], 12);
}

OracleResult Oracle::now(const TablePointer& root, uint64_t va) {
  TablePointer table = root;
  for (const Level level : {Level::kPde3, Level::kPde2, Level::kPde1}) {
    const uint64_t entry = read(table, va, level)[0];
    table = next_of(entry);
    if (!exists(table)) return end_of(entry);
  }
  const Entry dual = read(table, va, Level::kPde0);
  if (regs::dual_pde::is_pte.get(dual[0]) != 0) return page_of(dual[0], 21);
  if (!exists(big_of(dual)) && !exists(small_of(dual))) return end_of(dual[0]);
  return page_in(dual, va);
}

std::set<Oracle::Entry> Oracle::entries(const std::set<std::pair<uint64_t, PdeAperture>>& tables,
                                        const TablePointer& root, uint64_t va, Level level) {
  const Key key{root.address, shift_of(level), va >> shift_of(level)};
  std::set<Entry> all = directories_[key];
  for (const auto& [address, aperture] : tables) all.insert(read({address, aperture}, va, level));
  return all;
}

std::set<OracleResult> Oracle::possible(const TablePointer& root, uint64_t va, OracleSide side) {
  std::set<OracleResult> results;
  std::set<std::pair<uint64_t, PdeAperture>> tables{{root.address, root.aperture}};
  for (const Level level : {Level::kPde3, Level::kPde2, Level::kPde1}) {
    std::set<std::pair<uint64_t, PdeAperture>> below;
    for (const Entry& entry : entries(tables, root, va, level)) {
      const TablePointer next = next_of(entry[0]);
      if (!exists(next)) {
        results.insert(end_of(entry[0]));
        continue;
      }
      below.emplace(next.address, next.aperture);
      directories_[{root.address, shift_of(level), va >> shift_of(level)}].insert(entry);
    }
    tables = std::move(below);
  }
  for (const Entry& dual : entries(tables, root, va, Level::kPde0)) {
    if (regs::dual_pde::is_pte.get(dual[0]) != 0) {
      results.insert(page_of(dual[0], 21));
    } else if (!exists(big_of(dual)) && !exists(small_of(dual))) {
      results.insert(end_of(dual[0]));
    } else {
      results.insert(page_in(dual, va));
      directories_[{root.address, 21, va >> 21}].insert(dual);
    }
  }
  // The L2 TLB shows each side what the other's walks found.
  for (const OracleResult& result : results)
    if (const auto* page = std::get_if<OraclePage>(&result))
      for (Pages& pages : pages_)
        pages[{root.address, page->shift, va >> page->shift}].insert(*page);
  for (const unsigned shift : kPageShifts)
    for (const OraclePage& page :
         pages_[std::to_underlying(side)][{root.address, shift, va >> shift}])
      results.insert(page);
  return results;
}

void Oracle::invalidate(const OracleInvalidate& operation) {
  const auto hit = [&operation](const Key& key) {
    if (operation.space && operation.space->address != key.root) return false;
    if (operation.bytes == 0) return true;
    const uint64_t first = operation.va / operation.bytes * operation.bytes;
    const uint64_t key_first = key.region << key.shift;
    return first < key_first + (uint64_t{1} << key.shift) && key_first < first + operation.bytes;
  };
  std::erase_if(directories_, [&](const auto& entry) {
    return entry.first.shift <= operation.highest_directory && hit(entry.first);
  });
  const auto goes = [&hit](const auto& entry) { return hit(entry.first); };
  std::erase_if(pages_[std::to_underlying(OracleSide::kHub)], goes);
  if (!operation.hub_only) std::erase_if(pages_[std::to_underlying(OracleSide::kGpc)], goes);
}

}  // namespace faultline::mmu::test
