// SPDX-License-Identifier: MIT
// A tree of page tables in memory.
#include "tests/builder/page_tables.hpp"

#include <stdexcept>

namespace faultline::builder {

using regs::PdeAperture;

namespace {

constexpr uint64_t kTableBytes = 4096;
constexpr uint64_t kBigTableBytes = 256;

struct Geometry {
  unsigned index_bits;
  uint64_t entry_bytes;
};

// The table of the format's description, not the walker's.
Geometry geometry(Level level) {
  switch (level) {
    case Level::kPde3:
      return {2, 8};
    case Level::kPde2:
      return {9, 8};
    case Level::kPde1:
      return {9, 8};
    case Level::kPde0:
      return {8, 16};
    case Level::kPte64k:
      return {5, 8};
    case Level::kPte4k:
      return {9, 8};
  }
  throw std::logic_error("no such level");
}

TablePointer entry_in(const TablePointer& table, uint64_t va, Level level) {
  const Geometry shape = geometry(level);
  const uint64_t index = (va >> mmu::shift_of(level)) % (uint64_t{1} << shape.index_bits);
  return {.address = table.address + index * shape.entry_bytes, .aperture = table.aperture};
}

}  // namespace

mmu::Aperture access_aperture(PdeAperture aperture) {
  switch (aperture) {
    case PdeAperture::kVidmem:
      return mmu::Aperture::kVidmem;
    case PdeAperture::kSysCoherent:
      return mmu::Aperture::kSysCoherent;
    case PdeAperture::kSysNonCoherent:
      return mmu::Aperture::kSysNonCoherent;
    case PdeAperture::kInvalid:
      break;
  }
  throw std::logic_error("no table there");
}

TablePointer BumpAllocator::operator()(uint64_t bytes) {
  const uint64_t address = (next_ + bytes - 1) / bytes * bytes;
  next_ = address + bytes;
  return {.address = address, .aperture = apertures_[turn_++ % apertures_.size()]};
}

PageTables::PageTables(mmu::Memory& memory, TableAllocator allocator)
    : memory_(memory), allocator_(std::move(allocator)), root_(allocator_(kTableBytes)) {}

void PageTables::map(uint64_t va, Level size, const Page& page) { write(va, size, pte_of(page)); }

void PageTables::write(uint64_t va, Level level, uint64_t word) {
  store(entry(va, level), std::span(&word, 1));
}

void PageTables::write_dual(uint64_t va, const DualEntry& words) {
  store(entry(va, Level::kPde0), words);
}

uint64_t PageTables::read(uint64_t va, Level level) {
  uint64_t word = 0;
  load(entry(va, level), std::span(&word, 1));
  return word;
}

TablePointer PageTables::entry(uint64_t va, Level level) {
  TablePointer at = entry_in(root_, va, Level::kPde3);
  for (const Level next : {Level::kPde2, Level::kPde1, Level::kPde0}) {
    if (mmu::shift_of(level) > mmu::shift_of(next)) return at;
    at = entry_in(child(at), va, next);
  }
  return level == Level::kPde0 ? at : entry_in(dual_child(at, level), va, level);
}

TablePointer PageTables::child(const TablePointer& at) {
  using namespace regs::pde;
  uint64_t word = 0;
  load(at, std::span(&word, 1));
  const PdeAperture where = aperture.decode(word);
  if (where != PdeAperture::kInvalid) {
    const uint64_t frame =
        where == PdeAperture::kVidmem ? address_vid.get(word) : address_sys.get(word);
    return {.address = frame << kAddressShift, .aperture = where};
  }
  const TablePointer made = allocator_(kTableBytes);
  word = pde_of(made);
  store(at, std::span(&word, 1));
  return made;
}

TablePointer PageTables::dual_child(const TablePointer& at, Level child_level) {
  using namespace regs::dual_pde;
  DualEntry words{};
  load(at, words);
  if (is_pte.get(words[0])) words = {};
  const auto vid_or_sys = [](PdeAperture where, uint64_t vid, uint64_t sys, uint32_t shift) {
    return TablePointer{.address = (where == PdeAperture::kVidmem ? vid : sys) << shift,
                        .aperture = where};
  };
  TablePointer big = vid_or_sys(aperture_big.decode(words[0]), address_big_vid.get(words[0]),
                                address_big_sys.get(words[0]), kAddressBigShift);
  TablePointer small = vid_or_sys(aperture_small.decode(words[1]), address_small_vid.get(words[1]),
                                  address_small_sys.get(words[1]), kAddressShift);
  TablePointer& wanted = child_level == Level::kPte64k ? big : small;
  if (wanted.aperture != PdeAperture::kInvalid) return wanted;
  wanted = allocator_(child_level == Level::kPte64k ? kBigTableBytes : kTableBytes);
  store(at, dual_pde_of(big, small));
  return wanted;
}

void PageTables::load(const TablePointer& at, std::span<uint64_t> words) {
  if (!memory_.read(access_aperture(at.aperture), at.address, std::as_writable_bytes(words)))
    throw std::runtime_error("no memory where the test put a page table");
}

void PageTables::store(const TablePointer& at, std::span<const uint64_t> words) {
  if (!memory_.write(access_aperture(at.aperture), at.address, std::as_bytes(words)))
    throw std::runtime_error("no memory where the test put a page table");
}

}  // namespace faultline::builder
