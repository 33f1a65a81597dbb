// SPDX-License-Identifier: MIT
// Writes images.
#include "tests/unit/translate/image_writer.hpp"

#include <algorithm>
#include <utility>

namespace faultline::translate::test {

using mmu::Aperture;
using regs::PdeAperture;

namespace {

template <typename Form>
void append(std::vector<std::byte>& bytes, const Form& form) {
  const auto raw = std::as_bytes(std::span(&form, 1));
  bytes.insert(bytes.end(), raw.begin(), raw.end());
}

}  // namespace

bool TouchedMemory::write(Aperture aperture, uint64_t address, std::span<const std::byte> in) {
  pages_.emplace(aperture, address / form::kPage * form::kPage);
  return memory_.write(aperture, address, in);
}

ImageWriter::ImageWriter()
    : tables(memory,
             builder::BumpAllocator(0x1000'0000, {PdeAperture::kSysCoherent, PdeAperture::kVidmem,
                                                  PdeAperture::kSysNonCoherent})),
      header{.magic = {},
             .header_size = sizeof(form::Header),
             .flags = 0,
             .generation = std::to_underlying(Generation::kVolta),
             .va_bits = form::kVaBits,
             .pdb_address = tables.root().address,
             .pdb_aperture = std::to_underlying(builder::access_aperture(tables.root().aperture)),
             .n_chunks = 0,
             .n_queries = 0,
             .inst_aperture = 0,
             .inst_address = form::kNoInstanceBlock,
             .reserved = 0} {
  std::ranges::copy(form::kMagic, header.magic);
}

void ImageWriter::add_instance_block(const Place& at) {
  add_instance_block(at, builder::space_of(tables.root()));
}

void ImageWriter::add_instance_block(const Place& at, const builder::SpaceEntry& space) {
  builder::InstanceBlock(memory, {.address = at.address, .aperture = at.aperture}).set_main(space);
  header.inst_address = at.address;
  header.inst_aperture = std::to_underlying(at.aperture);
}

form::Query ImageWriter::reads(uint64_t va, uint64_t pa) {
  return {.va = va,
          .pa = pa,
          .access = std::to_underlying(mmu::Access::kRead),
          .privileged = 0,
          .result = std::to_underlying(Result::kTranslated),
          .fault_type = form::kNoFault,
          .alternative_fault_type = form::kNoFault,
          .basis = 0,
          .aperture = std::to_underlying(Aperture::kSysCoherent),
          .peer = 0,
          .page_shift = mmu::shift_of(mmu::Level::kPte4k),
          .vol = 0,
          .kind = 0,
          .read_only = 0,
          .atomic_disable = 0,
          .level = 0,
          .tag = 0,
          .leaf_pte = 0,
          .reserved = 0};
}

form::Query ImageWriter::faults(uint64_t va, mmu::Access access, regs::FaultType type) {
  form::Query query = reads(va, 0);
  query.access = std::to_underlying(access);
  query.result = std::to_underlying(Result::kFault);
  query.fault_type = std::to_underlying(type);
  return query;
}

form::Query ImageWriter::is_sparse(uint64_t va) {
  form::Query query = reads(va, 0);
  query.result = std::to_underlying(Result::kSparse);
  return query;
}

std::vector<std::byte> ImageWriter::bytes() {
  header.n_chunks = static_cast<uint32_t>(memory.pages().size());
  header.n_queries = static_cast<uint32_t>(queries.size());
  std::vector<std::byte> bytes;
  append(bytes, header);
  for (const auto& [aperture, address] : memory.pages()) {
    std::vector<std::byte> page(form::kPage);
    memory.read(aperture, address, page);
    append(bytes, form::Chunk{.aperture = std::to_underlying(aperture),
                              .length = static_cast<uint32_t>(form::kPage),
                              .address = address});
    bytes.insert(bytes.end(), page.begin(), page.end());
  }
  for (const form::Query& query : queries) append(bytes, query);
  return bytes;
}

}  // namespace faultline::translate::test
