// SPDX-License-Identifier: MIT
// The five-level walk (GP100 MMU format).
#include "systemc_models/mmu/walk.hpp"

#include <cstring>

namespace faultline::mmu {

using regs::FaultType;
using regs::PdeAperture;

namespace {

constexpr size_t kDualWords = regs::dual_pde::kWords;

/// Number of VA bits that select an entry of the directory or table.
constexpr unsigned index_bits(Level level) {
  switch (level) {
    case Level::kPde3:
      return 2;
    case Level::kPde2:
    case Level::kPde1:
    case Level::kPte4k:
      return 9;
    case Level::kPde0:
      return 8;
    case Level::kPte64k:
      return 5;
  }
  return 0;
}

constexpr uint64_t index_of(uint64_t va, Level level) {
  return (va >> shift_of(level)) & ((uint64_t{1} << index_bits(level)) - 1);
}

constexpr Level below(Level level) {
  switch (level) {
    case Level::kPde3:
      return Level::kPde2;
    case Level::kPde2:
      return Level::kPde1;
    default:
      return Level::kPde0;
  }
}

/// Directory entries number apertures as pages do, but for video memory.
constexpr Aperture to_aperture(PdeAperture aperture) {
  return aperture == PdeAperture::kVidmem ? Aperture::kVidmem : static_cast<Aperture>(aperture);
}
static_assert(to_aperture(PdeAperture::kSysCoherent) == Aperture::kSysCoherent);
static_assert(to_aperture(PdeAperture::kSysNonCoherent) == Aperture::kSysNonCoherent);

constexpr Table make_table(PdeAperture aperture, uint64_t vid, uint64_t sys, unsigned shift) {
  return {.address = (aperture == PdeAperture::kVidmem ? vid : sys) << shift, .aperture = aperture};
}

Table next_table(uint64_t entry) {
  using namespace regs::pde;
  return make_table(aperture.decode(entry), address_vid.get(entry), address_sys.get(entry),
                    kAddressShift);
}

Directory dual_tables(std::span<const uint64_t> entry) {
  using namespace regs::dual_pde;
  return {.next = make_table(aperture_small.decode(entry), address_small_vid.get(entry),
                             address_small_sys.get(entry), kAddressShift),
          .big = make_table(aperture_big.decode(entry), address_big_vid.get(entry),
                            address_big_sys.get(entry), kAddressBigShift)};
}

Leaf make_leaf(uint64_t entry, Level level) {
  using namespace regs::pte;
  Leaf leaf;
  leaf.aperture = static_cast<Aperture>(aperture.get(entry));
  uint64_t address = address_sys.get(entry) << kAddressShift;
  if (leaf.aperture == Aperture::kVidmem || leaf.aperture == Aperture::kPeer)
    address = address_vid.get(entry) << kAddressShift;
  if (leaf.aperture == Aperture::kPeer) {
    address |= comptagline.get(entry) << kComptaglineAddressShift;
    leaf.peer = static_cast<uint8_t>(address_vid_peer.get(entry));
  }
  leaf.page_shift = static_cast<uint8_t>(shift_of(level));
  leaf.page = address >> leaf.page_shift << leaf.page_shift;
  leaf.kind = static_cast<uint8_t>(kind.get(entry));
  leaf.vol = vol.get(entry) != 0;
  leaf.privilege = privilege.get(entry) != 0;
  leaf.read_only = read_only.get(entry) != 0;
  leaf.atomic_disable = atomic_disable.get(entry) != 0;
  return leaf;
}

/// A PTE of any page size.
WalkResult page(uint64_t entry, Level level) {
  if (regs::pte::valid.get(entry)) return make_leaf(entry, level);
  if (regs::pte::vol.get(entry)) return Sparse{};
  return FaultType::kPte;
}

}  // namespace

Walker::Walker(Memory& memory, Statistics& statistics, unsigned pde_cache_entries)
    : memory_(memory),
      statistics_(statistics),
      pde_cache_(LruSets<Directory>::of_entries(pde_cache_entries)) {}

template <Level kLevel, size_t kWords>
bool Walker::read(Table table, uint64_t va, std::array<uint64_t, kWords>& entry) {
  const uint64_t address = table.address + index_of(va, kLevel) * sizeof entry;
  const Aperture aperture = to_aperture(table.aperture);
  ++statistics_.entries_read;
  const std::span<const std::byte> in = memory_.span(aperture, address, sizeof entry);
  if (!in.empty()) {
    std::memcpy(entry.data(), in.data(), sizeof entry);
  } else if (!memory_.read(aperture, address, std::as_writable_bytes(std::span(entry)))) {
    return false;
  }
  if (trace_) [[unlikely]]
    trace_->walk_step({.level = kLevel, .aperture = aperture, .address = address, .entry = entry});
  return true;
}

template <Level kLevel>
WalkResult Walker::directory(SpaceKey space, Table table, uint64_t va, PdeCacheUse use) {
  if constexpr (kLevel == Level::kPde0) {
    return directory_0(space, table, va, use);
  } else {
    std::array<uint64_t, 1> entry;
    if (!read<kLevel>(table, va, entry)) return FaultType::kRegionViolation;
    if (regs::pde::is_pte.get(entry[0])) return FaultType::kPde;
    const Table next = next_table(entry[0]);
    if (!next.present()) {
      if (regs::pde::vol.get(entry[0])) return Sparse{};
      return FaultType::kPde;
    }
    if (use == PdeCacheUse::kUse) keep(space, va, kLevel, {.next = next, .big = {}});
    return directory<below(kLevel)>(space, next, va, use);
  }
}

// Flat, as translate_slow().
[[gnu::flatten]] WalkResult Walker::walk(SpaceKey space, const Table& root, uint64_t va,
                                         PdeCacheUse use) {
  return directory<Level::kPde3>(space, root, va, use);
}

std::optional<WalkResult> Walker::walk_from_cache(SpaceKey space, uint64_t va) {
  if (pde_cache_.holds(shift_of(Level::kPde0)))
    if (const Directory* tables = pde_cache_.find(space, va, shift_of(Level::kPde0)))
      return page_tables(*tables, va);
  if (auto result = walk_from_entry<Level::kPde1>(space, va)) return result;
  if (auto result = walk_from_entry<Level::kPde2>(space, va)) return result;
  return walk_from_entry<Level::kPde3>(space, va);
}

template <Level kLevel>
std::optional<WalkResult> Walker::walk_from_entry(SpaceKey space, uint64_t va) {
  if (!pde_cache_.holds(shift_of(kLevel))) return {};
  const Directory* const found = pde_cache_.find(space, va, shift_of(kLevel));
  if (!found) return {};
  return directory<below(kLevel)>(space, found->next, va, PdeCacheUse::kUse);
}

// A walk from the root may meet what the cache holds, or what has changed since.
void Walker::keep(SpaceKey space, uint64_t va, Level level, const Directory& directory) {
  pde_cache_.erase(space, va, shift_of(level));
  pde_cache_.insert(space, va, shift_of(level), directory);
}

// W1 and W4: a page of 2 MiB, or two tables, or none.
WalkResult Walker::directory_0(SpaceKey space, Table table, uint64_t va, PdeCacheUse use) {
  std::array<uint64_t, kDualWords> entry;
  if (!read<Level::kPde0>(table, va, entry)) return FaultType::kRegionViolation;
  if (regs::dual_pde::is_pte.get(entry[0])) return make_leaf(entry[0], Level::kPde0);
  const Directory tables = dual_tables(entry);
  if (!tables.big.present() && !tables.next.present()) {
    if (regs::dual_pde::vol_big.get(entry[0])) return Sparse{};
    return FaultType::kPde;
  }
  if (use == PdeCacheUse::kUse) keep(space, va, Level::kPde0, tables);
  return page_tables(tables, va);
}

// W2, W3 and W5: the 64 KiB page first; what it leaves open the 4 KiB page decides.
WalkResult Walker::page_tables(const Directory& tables, uint64_t va) {
  std::array<uint64_t, 1> entry;
  if (tables.big.present()) {
    if (!read<Level::kPte64k>(tables.big, va, entry)) return FaultType::kRegionViolation;
    const WalkResult big = page(entry[0], Level::kPte64k);
    const bool stop = regs::pte::privilege.get(entry[0]) != 0;
    if (!std::holds_alternative<FaultType>(big) || stop || !tables.next.present()) return big;
  }
  if (!read<Level::kPte4k>(tables.next, va, entry)) return FaultType::kRegionViolation;
  return page(entry[0], Level::kPte4k);
}

}  // namespace faultline::mmu
