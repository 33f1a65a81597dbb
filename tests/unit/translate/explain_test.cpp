// SPDX-License-Identifier: MIT
// The walk in words.
#include "tools/translate/explain.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/unit/translate/image_writer.hpp"
#include "tools/translate/model.hpp"

namespace faultline::translate::test {

using Catch::Matchers::ContainsSubstring;
using mmu::Access;
using mmu::Level;

namespace {

constexpr uint64_t kVa = 0x7fff'1234'5000;

std::string explained(ImageWriter& writer, const Question& question) {
  const auto bytes = writer.bytes();
  const Image image(bytes);
  Model model(image);
  return explain(question, model.ask(question));
}

}  // namespace

TEST_CASE("a walk is told entry by entry") {
  ImageWriter writer;
  writer.tables.map(
      kVa, Level::kPte4k,
      {.address = 0x3'4567'8000, .aperture = regs::PteAperture::kSysCoherent, .read_only = true});
  const std::string text = explained(writer, {.va = kVa + 1});
  for (const char* part :
       {"READ of 0x7fff12345001", "PDE3", "PDE2", "PDE1", "PDE0", "PTE of 4K", "APERTURE_SMALL",
        "ADDRESS_SYS        0x345678 (<< 12 = 0x345678000)", "READ_ONLY          1",
        "SYS_COHERENT 0x345678001, page of 4K, kind 0x00, READ_ONLY"})
    CHECK_THAT(text, ContainsSubstring(part));
}

TEST_CASE("a fault is explained by the field that caused it") {
  ImageWriter writer;
  writer.tables.map(0, Level::kPte4k, {.privilege = true, .read_only = true});
  writer.tables.map(0x1000, Level::kPte4k, {.kind = 0xff});
  writer.tables.map(0x2000, Level::kPte4k, {.atomic_disable = true});
  writer.tables.write(0x10'0000, Level::kPte64k, builder::kUnmapped64kPte);
  writer.tables.write(0x11'0000, Level::kPte64k, builder::kSparsePte);
  writer.tables.write(uint64_t{1} << 47, Level::kPde3, builder::kSparsePde);
  writer.tables.write(uint64_t{1} << 38, Level::kPde2, regs::pde::is_pte.mask());
  writer.tables.write(uint64_t{1} << 30, Level::kPde0, regs::dual_pde::vol_big.mask());

  struct Case {
    Question question;
    const char* reason;
  };
  const std::vector<Case> cases{
      {{.va = 0}, "fault PRIV_VIOLATION: PRIVILEGE is 1"},
      {{.va = 0, .access = Access::kWrite, .privileged = true},
       "fault RO_VIOLATION: READ_ONLY is 1 and the access is WRITE"},
      {{.va = 0x1000}, "fault UNSUPPORTED_KIND: KIND is 0xff"},
      {{.va = 0x2000, .access = Access::kAtomic}, "fault ATOMIC_VIOLATION: ATOMIC_DISABLE is 1"},
      {{.va = 0x3000}, "fault PTE: VALID and VOL of the PTE of 4K are 0"},
      {{.va = 0x10'0000}, "fault PTE: VALID of the PTE of 64K is 0, and PRIVILEGE is 1"},
      {{.va = 0x11'0000}, "sparse: VALID of the PTE of 64K is 0 and VOL is 1"},
      {{.va = uint64_t{1} << 47}, "sparse: APERTURE of PDE3 is INVALID and VOL is 1"},
      {{.va = uint64_t{1} << 48}, "fault PDE: APERTURE of PDE3 is INVALID and VOL is 0"},
      {{.va = uint64_t{1} << 38}, "fault PDE: IS_PTE of PDE2 is 1"},
      {{.va = uint64_t{1} << 30}, "sparse: APERTURE_BIG and APERTURE_SMALL of PDE0 are INVALID"},
      {{.va = 0x20'0000}, "fault PDE: APERTURE_BIG and APERTURE_SMALL of PDE0 are INVALID"},
      {{.va = uint64_t{1} << 49}, "fault VA_LIMIT_VIOLATION: the address has bits above bit 48"}};
  for (const Case& each : cases)
    CHECK_THAT(explained(writer, each.question), ContainsSubstring(each.reason));
}

TEST_CASE("memory that the image lacks is named") {
  ImageWriter writer;
  writer.tables.write(
      kVa, Level::kPde3,
      builder::pde_of({.address = 0x9'9999'9000, .aperture = regs::PdeAperture::kVidmem}));
  CHECK_THAT(explained(writer, {.va = kVa}),
             ContainsSubstring("no answer: the image has no memory at VIDMEM 0x999999"));
}

}  // namespace faultline::translate::test
