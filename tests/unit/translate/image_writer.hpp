// SPDX-License-Identifier: MIT
// Makes GMMU images from page tables.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "tests/builder/instance_block.hpp"
#include "tests/builder/page_tables.hpp"
#include "tests/builder/sparse_memory.hpp"
#include "tools/translate/image.hpp"
#include "tools/translate/image_form.hpp"

namespace faultline::translate::test {

/// Remembers which pages were written.
class TouchedMemory : public mmu::Memory {
 public:
  bool read(mmu::Aperture aperture, uint64_t address, std::span<std::byte> out) override {
    return memory_.read(aperture, address, out);
  }
  bool write(mmu::Aperture aperture, uint64_t address, std::span<const std::byte> in) override;
  const std::set<std::pair<mmu::Aperture, uint64_t>>& pages() const { return pages_; }

 private:
  builder::SparseMemory memory_;
  std::set<std::pair<mmu::Aperture, uint64_t>> pages_;
};

class ImageWriter {
 public:
  ImageWriter();

  /// An instance block at this place that leads to the tables, or to those of `space`.
  void add_instance_block(const Place& at);
  void add_instance_block(const Place& at, const builder::SpaceEntry& space);
  /// A read that is translated to this page of 4 KiB in system memory.
  static form::Query reads(uint64_t va, uint64_t pa);
  static form::Query faults(uint64_t va, mmu::Access access, regs::FaultType type);
  static form::Query is_sparse(uint64_t va);

  /// The image, with all tables and queries.
  std::vector<std::byte> bytes();
  /// Where chunk 0 begins in it.
  static constexpr size_t kFirstChunk = sizeof(form::Header);

  TouchedMemory memory;
  builder::PageTables tables;
  form::Header header;  ///< n_chunks and n_queries are filled in by bytes()
  std::vector<form::Query> queries;
};

}  // namespace faultline::translate::test
