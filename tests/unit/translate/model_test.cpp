// SPDX-License-Identifier: MIT
// The model's answers to images.
#include "tools/translate/model.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/translate/image_writer.hpp"
#include "tools/translate/compare.hpp"
#include "tools/translate/rtl.hpp"

namespace faultline::translate::test {

using builder::Page;
using mmu::Access;
using mmu::Aperture;
using mmu::Level;
using regs::FaultType;

namespace {

constexpr uint64_t kVa = 0x7fff'1234'5000;
constexpr uint64_t kPa = 0x3'4567'8000;
constexpr Page kPage{.address = kPa, .aperture = regs::PteAperture::kSysCoherent};

bool same_walk(const std::vector<WalkEntry>& one, const std::vector<WalkEntry>& other) {
  return std::ranges::equal(one, other, [](const WalkEntry& a, const WalkEntry& b) {
    return a.level == b.level && a.at == b.at && a.words == b.words && a.word == b.word;
  });
}

/// An image, its model, and the RTL, which must say the same.
struct Asked {
  explicit Asked(ImageWriter& writer)
      : bytes(writer.bytes()), image(bytes), model(image), rtl(image) {}
  Reply ask(const Question& question) {
    const Reply reply = model.ask(question);
    const Reply other = rtl.ask(question);
    CHECK(reply.missing == other.missing);
    if (reply.missing) return reply;
    CHECK(reply.result == other.result);
    CHECK(reply.fault_type == other.fault_type);
    CHECK(reply.answer.pa == other.answer.pa);
    CHECK(same_walk(reply.walk, other.walk));
    return reply;
  }
  Reply ask(uint64_t va, Access access = Access::kRead) {
    return ask({.va = va, .access = access});
  }
  bool all_agree() {
    for (size_t i = 0; i < image.query_count(); ++i) {
      const Reply reply = ask(image.query(i).question);
      if (reply.missing || !agrees(reply, image.query(i).expected)) return false;
    }
    return true;
  }

  std::vector<std::byte> bytes;
  Image image;
  Model model;
  Rtl rtl;
};

}  // namespace

TEST_CASE("pages of all sizes, faults and sparse ranges are answered as expected") {
  ImageWriter writer;
  Page page = kPage;
  writer.tables.map(kVa, Level::kPte4k, page);
  page.read_only = true;
  writer.tables.map(kVa + 0x1000, Level::kPte4k, page);
  writer.tables.write(kVa + 0x2000, Level::kPte4k, builder::kSparsePte);
  writer.tables.map(0x10'0000, Level::kPte64k, {.address = 0x7'0000, .kind = 0xfe});
  writer.tables.map(0x4000'0000, Level::kPde0, {.address = 0x40'0000, .vol = true});

  writer.queries = {
      ImageWriter::reads(kVa + 5, kPa + 5),
      ImageWriter::faults(kVa + 0x1000, Access::kWrite, FaultType::kRoViolation),
      ImageWriter::is_sparse(kVa + 0x2000),
      ImageWriter::faults(kVa + 0x3000, Access::kPrefetch, FaultType::kPte),
      ImageWriter::faults(uint64_t{1} << 47, Access::kAtomic, FaultType::kPde),
      ImageWriter::faults(uint64_t{1} << 49, Access::kRead, FaultType::kVaLimitViolation)};
  form::Query big = ImageWriter::reads(0x10'1234, 0x7'1234);
  big.aperture = 0, big.page_shift = 16, big.kind = 0xfe;
  form::Query huge = ImageWriter::reads(0x4001'2345, 0x41'2345);
  huge.aperture = 0, huge.page_shift = 21, huge.vol = 1;
  writer.queries.insert(writer.queries.end(), {big, huge});
  CHECK(Asked(writer).all_agree());
}

TEST_CASE("each field of a translation is compared") {
  const auto differs = [](auto spoil) {
    ImageWriter writer;
    writer.tables.map(kVa, Level::kPte4k, kPage);
    form::Query query = ImageWriter::reads(kVa, kPa);
    spoil(query);
    writer.queries = {query};
    return !Asked(writer).all_agree();
  };
  CHECK_FALSE(differs([](auto&) {}));
  CHECK_FALSE(differs([](auto& query) { query.peer = 3; }));
  CHECK(differs([](auto& query) { query.pa ^= 0x1000; }));
  CHECK(differs([](auto& query) { query.aperture = 3; }));
  CHECK(differs([](auto& query) { query.page_shift = 16; }));
  CHECK(differs([](auto& query) { query.vol = 1; }));
  CHECK(differs([](auto& query) { query.kind = 1; }));
  CHECK(differs([](auto& query) { query.read_only = 1; }));
  CHECK(differs([](auto& query) { query.atomic_disable = 1; }));
  CHECK(differs([](auto& query) { query.result = 1; }));
  CHECK(differs([](auto& query) { query.result = 2; }));
}

TEST_CASE("an alternative fault is right too, and no fault type means any") {
  const auto agrees_with = [](uint8_t type, uint8_t alternative) {
    ImageWriter writer;
    form::Query query = ImageWriter::faults(kVa, Access::kRead, FaultType::kPde);
    query.fault_type = type;
    query.alternative_fault_type = alternative;
    writer.queries = {query};
    writer.tables.map(0, Level::kPte4k, kPage);
    return Asked(writer).all_agree();
  };
  constexpr auto kPde = std::to_underlying(FaultType::kPde);
  constexpr auto kPte = std::to_underlying(FaultType::kPte);
  CHECK(agrees_with(kPde, form::kNoFault));
  CHECK(agrees_with(kPte, kPde));
  CHECK(agrees_with(form::kNoFault, form::kNoFault));
  CHECK_FALSE(agrees_with(kPte, form::kNoFault));
}

TEST_CASE("a peer address has 47 more bits on Volta, none on Pascal") {
  ImageWriter writer;
  constexpr uint64_t kPeerPa = 0x12'3456'7000;
  constexpr uint64_t kAbove = uint64_t{5} << regs::pte::kComptaglineAddressShift;
  const Page page{.address = kPeerPa, .aperture = regs::PteAperture::kPeer, .peer = 6};
  writer.tables.write(kVa, Level::kPte4k, regs::pte::comptagline.set(builder::pte_of(page), 5));
  CHECK(Asked(writer).ask(kVa).answer.pa == (kPeerPa | kAbove));
  CHECK(Asked(writer).ask(kVa).answer.peer == 6);
  writer.header.generation = std::to_underlying(Generation::kPascal);
  CHECK(Asked(writer).ask(kVa).answer.pa == kPeerPa);
}

TEST_CASE("coherent and non-coherent accesses reach the same memory") {
  ImageWriter writer;
  writer.tables.map(kVa, Level::kPte4k, kPage);
  REQUIRE(writer.header.pdb_aperture == std::to_underlying(Aperture::kSysCoherent));
  writer.header.pdb_aperture = std::to_underlying(Aperture::kSysNonCoherent);
  CHECK(Asked(writer).ask(kVa).answer.pa == kPa);
}

TEST_CASE("the instance block is read where there is one") {
  ImageWriter writer;
  writer.tables.map(kVa, Level::kPte4k, kPage);
  constexpr Place kAt{.aperture = Aperture::kVidmem, .address = 0x20'0000};
  SECTION("it leads to the tables") {
    writer.add_instance_block(kAt);
    CHECK(Asked(writer).ask(kVa).answer.pa == kPa);
  }
  SECTION("it binds nothing") {
    builder::SpaceEntry space = builder::space_of(writer.tables.root());
    space.ver2_format = false;
    writer.add_instance_block(kAt, space);
    CHECK(Asked(writer).ask(kVa).fault_type == FaultType::kUnboundInstBlock);
  }
  SECTION("it disagrees with the header") {
    builder::SpaceEntry space = builder::space_of(writer.tables.root());
    space.pdb += 0x1000;
    writer.add_instance_block(kAt, space);
    CHECK_THROWS_AS(Asked(writer), ImageError);
  }
  SECTION("it is not in the image") {
    writer.header.inst_address = 0x70'0000;
    CHECK_THROWS_AS(Asked(writer), ImageError);
  }
}

TEST_CASE("memory that the walk needs and the image lacks is no fault") {
  ImageWriter writer;
  constexpr uint64_t kNowhere = 0x9'9999'9000;
  writer.tables.write(
      kVa, Level::kPde2,
      builder::pde_of({.address = kNowhere, .aperture = regs::PdeAperture::kSysCoherent}));
  Asked asked(writer);
  const Reply reply = asked.ask(kVa);
  REQUIRE(reply.missing);
  CHECK(reply.missing->address / form::kPage * form::kPage == kNowhere);
  CHECK_FALSE(asked.ask(uint64_t{1} << 47).missing);
}

}  // namespace faultline::translate::test
