// SPDX-License-Identifier: MIT
// What is an image, and what is refused.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstring>
#include <functional>
#include <random>

#include "tests/unit/translate/image_writer.hpp"
#include "tools/translate/model.hpp"

namespace faultline::translate::test {

using Bytes = std::vector<std::byte>;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

constexpr uint64_t kVa = 0x7fff'1234'5000;
constexpr uint64_t kPa = 0x3'4567'8000;

ImageWriter mapped_page() {
  ImageWriter writer;
  writer.tables.map(kVa, mmu::Level::kPte4k,
                    {.address = kPa, .aperture = regs::PteAperture::kSysCoherent});
  writer.queries.push_back(ImageWriter::reads(kVa, kPa));
  return writer;
}

form::Chunk chunk_0(const Bytes& bytes) {
  form::Chunk chunk;
  std::memcpy(&chunk, &bytes[ImageWriter::kFirstChunk], sizeof(chunk));
  return chunk;
}

void set_chunk_0(Bytes& bytes, const form::Chunk& chunk) {
  std::memcpy(&bytes[ImageWriter::kFirstChunk], &chunk, sizeof(chunk));
}

void check_refused(const Bytes& bytes, const char* why) {
  CHECK_THROWS_MATCHES(Image(bytes), ImageError, MessageMatches(ContainsSubstring(why)));
}

}  // namespace

TEST_CASE("an image says what it holds") {
  ImageWriter writer = mapped_page();
  writer.header.generation = GENERATE(0x130u, 0x140u);
  const Bytes bytes = writer.bytes();
  const Image image(bytes);
  CHECK(static_cast<uint32_t>(image.generation()) == writer.header.generation);
  CHECK(image.page_directory().address == writer.tables.root().address);
  CHECK_FALSE(image.instance_block());
  CHECK(image.chunks().size() == writer.memory.pages().size());
  REQUIRE(image.query_count() == 1);
  CHECK(image.query(0).question.va == kVa);
  CHECK(image.query(0).expected.pa == kPa);
  CHECK_FALSE(image.query(0).expected.fault_type);
}

TEST_CASE("an image that ends anywhere too early is refused") {
  const Bytes whole = mapped_page().bytes();
  for (size_t size = 0; size < whole.size(); ++size)
    CHECK_THROWS_AS(Image(std::span(whole).first(size)), ImageError);
  Bytes longer = whole;
  longer.push_back({});
  check_refused(longer, "1 bytes follow");
}

TEST_CASE("no file, no magic, no image") {
  check_refused({}, "empty");
  check_refused(Bytes(100), "does not begin with GMMUDMP1");
  check_refused(Bytes(3), "does not begin with GMMUDMP1");
}

TEST_CASE("a header that makes no sense is refused") {
  struct Case {
    std::function<void(form::Header&)> spoil;
    const char* why;
  };
  const std::vector<Case> cases{
      {[](auto& header) { header.header_size = 128; }, "header of 128 bytes"},
      {[](auto& header) { header.generation = 0x120; }, "generation 0x120"},
      {[](auto& header) { header.va_bits = 48; }, "48 bits"},
      {[](auto& header) { header.pdb_aperture = 1; }, "page directory: aperture 1"},
      {[](auto& header) { header.pdb_address += 8; }, "not 4 KiB aligned"},
      {[](auto& header) { header.inst_address = 0x1001; }, "instance block: address 0x1001"},
      {[](auto& header) { header.inst_address = 0, header.inst_aperture = 9; },
       "instance block: aperture 9"}};
  for (const Case& each : cases) {
    ImageWriter writer = mapped_page();
    each.spoil(writer.header);
    check_refused(writer.bytes(), each.why);
  }
}

TEST_CASE("counts that the file cannot hold are refused before anything is allocated") {
  Bytes bytes = mapped_page().bytes();
  form::Header header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  SECTION("chunks") { header.n_chunks = ~0u; }
  SECTION("queries") { header.n_queries = ~0u; }
  std::memcpy(bytes.data(), &header, sizeof(header));
  CHECK_THROWS_AS(Image(bytes), ImageError);
}

TEST_CASE("a chunk that makes no sense is refused") {
  Bytes bytes = mapped_page().bytes();
  form::Chunk chunk = chunk_0(bytes);
  const char* why = "";
  SECTION("aperture") { chunk.aperture = 1, why = "chunk 0: aperture 1"; }
  SECTION("alignment") { chunk.address += 16, why = "not 4 KiB aligned"; }
  SECTION("length") { chunk.length = 4095, why = "not a multiple"; }
  SECTION("no length") { chunk.length = 0, why = "not a multiple"; }
  SECTION("huge") { chunk.length = 0xffff'f000, why = "truncated: chunk 0"; }
  SECTION("wrap") {
    chunk.address = 0xffff'ffff'ffff'f000, chunk.length = 0x2000, why = "beyond the last address";
  }
  set_chunk_0(bytes, chunk);
  check_refused(bytes, why);
}

TEST_CASE("chunks that overlap are refused, in system memory whatever their aperture") {
  ImageWriter writer;
  constexpr uint64_t kAddress = 0x5000'0000;
  const std::byte nothing{};
  const auto touch = [&](mmu::Aperture aperture) {
    writer.memory.write(aperture, kAddress, {&nothing, 1});
  };
  touch(mmu::Aperture::kSysCoherent);
  touch(mmu::Aperture::kVidmem);
  CHECK_NOTHROW(Image(writer.bytes()));
  touch(mmu::Aperture::kSysNonCoherent);
  check_refused(writer.bytes(), "overlap");
}

TEST_CASE("a query that makes no sense is refused") {
  ImageWriter writer = mapped_page();
  const char* why = "";
  SECTION("access") { writer.queries[0].access = 5, why = "query 0: access 5"; }
  SECTION("result") { writer.queries[0].result = 3, why = "query 0: result 3"; }
  check_refused(writer.bytes(), why);
}

TEST_CASE("spoiled images are refused or answered") {
  const Bytes whole = mapped_page().bytes();
  const unsigned seed = 20261123;
  CAPTURE(seed);
  std::mt19937 random(seed);
  size_t answered = 0;
  for (int round = 0; round < 3000; ++round) {
    Bytes bytes = whole;
    for (int i = 0; i < 4; ++i) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    try {
      const Image image(bytes);
      Model model(image);
      for (size_t i = 0; i < image.query_count(); ++i) model.ask(image.query(i).question);
      ++answered;
    } catch (const ImageError&) {
    }
  }
  CHECK(answered > 0);
}

}  // namespace faultline::translate::test
