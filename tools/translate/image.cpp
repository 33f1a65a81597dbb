// SPDX-License-Identifier: MIT
// Takes a GMMU image apart and believes nothing in it.
#include "tools/translate/image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "tools/translate/image_form.hpp"

namespace faultline::translate {

namespace {

template <typename... Arguments>
[[noreturn]] void refuse(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  throw ImageError(fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// Hands out the file from front to back.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> file) : rest_(file) {}

  std::span<const std::byte> take(uint64_t bytes, std::string_view what) {
    if (bytes > rest_.size())
      refuse("truncated: {} needs {} bytes, {} are left; copy the image again", what, bytes,
             rest_.size());
    const auto taken = rest_.first(bytes);
    rest_ = rest_.subspan(bytes);
    return taken;
  }
  template <typename Form>
  Form take(std::string_view what) {
    Form form;
    std::memcpy(&form, take(sizeof(form), what).data(), sizeof(form));
    return form;
  }
  size_t left() const { return rest_.size(); }

 private:
  std::span<const std::byte> rest_;
};

bool is_memory(uint32_t aperture) {
  using enum mmu::Aperture;
  return aperture == std::to_underlying(kVidmem) || aperture == std::to_underlying(kSysCoherent) ||
         aperture == std::to_underlying(kSysNonCoherent);
}

Place checked_place(std::string_view what, uint32_t aperture, uint64_t address) {
  if (!is_memory(aperture))
    refuse("{}: aperture {} is none of 0 (video), 2 and 3 (system memory)", what, aperture);
  if (address % form::kPage != 0) refuse("{}: address {:#x} is not 4 KiB aligned", what, address);
  return {.aperture = static_cast<mmu::Aperture>(aperture), .address = address};
}

form::Header read_header(std::span<const std::byte> file, Reader& reader) {
  if (file.size() < form::kMagic.size() ||
      std::memcmp(file.data(), form::kMagic.data(), form::kMagic.size()) != 0)
    refuse("not a GMMU image: it does not begin with {}", form::kMagic);
  const auto header = reader.take<form::Header>("the header");
  if (header.header_size != sizeof(header))
    refuse("header of {} bytes: this version of the format has {}", header.header_size,
           sizeof(header));
  if (header.va_bits != form::kVaBits)
    refuse("{} bits of virtual address: both generations have {}", header.va_bits, form::kVaBits);
  return header;
}

Generation checked_generation(uint32_t word) {
  const auto generation = static_cast<Generation>(word);
  if (generation != Generation::kPascal && generation != Generation::kVolta)
    refuse("generation {:#x} is none of 0x130 (Pascal form) and 0x140 (Volta form)", word);
  return generation;
}

// Coherent and not coherent are two ways to one memory.
mmu::Aperture memory_of(mmu::Aperture aperture) {
  return aperture == mmu::Aperture::kVidmem ? aperture : mmu::Aperture::kSysCoherent;
}

Chunk read_chunk(Reader& reader, uint32_t number) {
  const std::string name = fmt::format("chunk {}", number);
  const auto head = reader.take<form::Chunk>(name);
  Place at = checked_place(name, head.aperture, head.address);
  if (head.length == 0 || head.length % form::kPage != 0)
    refuse("{}: length {} is not a multiple of 4096", name, head.length);
  if (head.length - 1 > ~uint64_t{0} - head.address)
    refuse("{}: it ends beyond the last address", name);
  at.aperture = memory_of(at.aperture);
  return {.at = at, .bytes = reader.take(head.length, name)};
}

void refuse_overlaps(std::span<const Chunk> sorted) {
  const auto overlap = std::ranges::adjacent_find(sorted, [](const Chunk& a, const Chunk& b) {
    return a.at.aperture == b.at.aperture && b.at.address - a.at.address < a.bytes.size();
  });
  if (overlap == sorted.end()) return;
  refuse("the chunks at {:#x} and {:#x} overlap", overlap->at.address,
         std::next(overlap)->at.address);
}

std::optional<uint8_t> fault_type_of(uint8_t code) {
  if (code == form::kNoFault) return {};
  return code;
}

form::Query query_at(std::span<const std::byte> queries, size_t number) {
  form::Query query;
  std::memcpy(&query, queries.subspan(number * sizeof(query), sizeof(query)).data(), sizeof(query));
  return query;
}

void check_query(const form::Query& query, size_t number) {
  if (query.access > std::to_underlying(mmu::Access::kAtomicWeak))
    refuse("query {}: access {} is none of 0 to 4", number, query.access);
  if (query.result > std::to_underlying(Result::kSparse))
    refuse("query {}: result {} is none of 0 to 2", number, query.result);
}

}  // namespace

Image::Image(std::span<const std::byte> file) {
  if (file.empty()) refuse("the file is empty");
  Reader reader(file);
  const form::Header header = read_header(file, reader);
  generation_ = checked_generation(header.generation);
  page_directory_ = checked_place("page directory", header.pdb_aperture, header.pdb_address);
  if (header.inst_address != form::kNoInstanceBlock)
    instance_block_ = checked_place("instance block", header.inst_aperture, header.inst_address);

  for (uint32_t i = 0; i < header.n_chunks; ++i) chunks_.push_back(read_chunk(reader, i));
  std::ranges::sort(chunks_, {}, [](const Chunk& chunk) {
    return std::pair(chunk.at.aperture, chunk.at.address);
  });
  refuse_overlaps(chunks_);

  queries_ = reader.take(uint64_t{header.n_queries} * sizeof(form::Query), "the list of queries");
  if (reader.left() != 0) refuse("{} bytes follow what the header announces", reader.left());
  for (size_t i = 0; i < query_count(); ++i) check_query(query_at(queries_, i), i);
}

size_t Image::query_count() const { return queries_.size() / sizeof(form::Query); }

Query Image::query(size_t i) const {
  const form::Query query = query_at(queries_, i);
  return {.question = {.va = query.va,
                       .access = static_cast<mmu::Access>(query.access),
                       .privileged = query.privileged != 0},
          .expected = {.result = static_cast<Result>(query.result),
                       .fault_type = fault_type_of(query.fault_type),
                       .alternative_fault_type = fault_type_of(query.alternative_fault_type),
                       .basis = static_cast<Basis>(query.basis),
                       .pa = query.pa,
                       .aperture = static_cast<mmu::Aperture>(query.aperture),
                       .peer = query.peer,
                       .page_shift = query.page_shift,
                       .kind = query.kind,
                       .vol = query.vol != 0,
                       .read_only = query.read_only != 0,
                       .atomic_disable = query.atomic_disable != 0}};
}

}  // namespace faultline::translate
