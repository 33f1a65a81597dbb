// SPDX-License-Identifier: MIT
// Invalidates, by what they hit.
#include "systemc_models/check/invalidate_floors.hpp"

#include <algorithm>
#include <initializer_list>

#include "systemc_models/mmu/trace.hpp"

namespace faultline::check {

using mmu::Aperture;
using mmu::Level;
using mmu::shift_of;

namespace {

constexpr uint64_t kAnySpace = ~uint64_t{0};
constexpr unsigned kAddressBits = 64;
constexpr Level kDirectories[] = {Level::kPde0, Level::kPde1, Level::kPde2, Level::kPde3};
constexpr unsigned kEntryShifts[] = {shift_of(Level::kPte4k), shift_of(Level::kPte64k),
                                     shift_of(Level::kPde0),  shift_of(Level::kPde1),
                                     shift_of(Level::kPde2),  shift_of(Level::kPde3)};

/// An invalidate names system memory without saying whether it is snooped.
uint64_t space_of(mmu::SpaceKey space) {
  return mmu::pdb_of(space) | (mmu::aperture_of(space) != Aperture::kVidmem);
}

uint64_t space_of(const mmu::Invalidate& operation) {
  return operation.all_pdb ? kAnySpace : (operation.pdb | operation.pdb_in_sysmem);
}

/// Bit 0 of a space is its aperture; bits 1 to 6 are free.
uint64_t with_size(uint64_t space, unsigned shift) { return space ^ (uint64_t{shift} << 1); }

void raise(uint64_t& floor, uint64_t cycle) { floor = std::max(floor, cycle); }

template <typename Map, typename Key>
uint64_t find(const Map& floors, const Key& key) {
  const auto found = floors.find(key);
  return found == floors.end() ? 0 : found->second;
}

template <typename Map>
uint64_t find(const Map& floors, uint64_t key, uint64_t region) {
  const auto found = floors.find(key);
  return found == floors.end() ? 0 : find(found->second, region);
}

}  // namespace

void RegionFloors::add(const mmu::Invalidate& operation, uint64_t cycle) {
  const uint64_t space = space_of(operation);
  if (operation.all_va || operation.size_shift >= kAddressBits) {
    raise(whole_[space], cycle);
    return;
  }
  const unsigned size = operation.size_shift;
  sizes_.insert(size);
  raise(own_[with_size(space, size)][operation.va >> size], cycle);
  for (const unsigned shift : kEntryShifts)
    if (shift >= size) raise(covering_[with_size(space, shift)][operation.va >> shift], cycle);
}

uint64_t RegionFloors::floor(mmu::SpaceKey space, uint64_t va, unsigned shift) const {
  return std::max(in_space(kAnySpace, va, shift), in_space(space_of(space), va, shift));
}

uint64_t RegionFloors::in_space(uint64_t space, uint64_t va, unsigned shift) const {
  uint64_t floor =
      std::max(find(whole_, space), find(covering_, with_size(space, shift), va >> shift));
  for (auto size = sizes_.upper_bound(shift); size != sizes_.end(); ++size)
    floor = std::max(floor, find(own_, with_size(space, *size), va >> *size));
  return floor;
}

void RegionFloors::clear() { *this = {}; }

void ClientFloors::add(const mmu::Invalidate& operation, uint64_t cycle) {
  pages_.add(operation, cycle);
  for (const Level level : kDirectories)
    if (shift_of(level) <= operation.directory_limit())
      directories_[shift_of(level)].add(operation, cycle);
}

uint64_t ClientFloors::page(mmu::SpaceKey space, uint64_t va, unsigned shift) const {
  return pages_.floor(space, va, shift);
}

uint64_t ClientFloors::directory(mmu::SpaceKey space, uint64_t va, Level level) const {
  const auto found = directories_.find(shift_of(level));
  if (found == directories_.end()) return 0;
  return found->second.floor(space, va, shift_of(Level::kPte4k));
}

void InvalidateFloors::add(const mmu::Invalidate& operation, uint64_t cycle) {
  hub_.add(operation, cycle);
  if (operation.scope == mmu::TlbScope::kAll) gpc_.add(operation, cycle);
  if (operation.drops_bindings()) space_bindings_.add(operation, cycle);
}

uint64_t InvalidateFloors::binding(mmu::SpaceKey space) const {
  return std::max(all_bindings_, space_bindings_.floor(space, 0, shift_of(Level::kPte4k)));
}

void InvalidateFloors::clear() { *this = {}; }

}  // namespace faultline::check
