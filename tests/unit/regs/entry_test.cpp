// SPDX-License-Identifier: MIT
// Page-table entries put together from fields, against published values (addresses in, bits out).
#include <array>
#include <catch2/catch_test_macros.hpp>

#include "regs/generated/faultline_regs.hpp"

namespace {

namespace regs = faultline::regs;
using regs::PdeAperture;
using regs::PteAperture;
using DualPde = std::array<uint64_t, regs::dual_pde::kWords>;

constexpr uint64_t kSysAddress = 0x399999999999000;
constexpr uint64_t kVidAddress = 0x1BBBBBB000;

constexpr uint64_t sys_pde() {
  uint64_t pde = regs::pde::aperture.set(uint64_t{0}, PdeAperture::kSysCoherent);
  pde = regs::pde::vol.set(pde, 1);
  return regs::pde::address_sys.set(pde, kSysAddress >> regs::pde::kAddressShift);
}

constexpr uint64_t vid_pde() {
  uint64_t pde = regs::pde::aperture.set(uint64_t{0}, PdeAperture::kVidmem);
  pde = regs::pde::vol.set(pde, 1);
  return regs::pde::address_vid.set(pde, kVidAddress >> regs::pde::kAddressShift);
}

enum class Cache { kOff, kOn };

constexpr uint64_t sys_pte(Cache cache) {
  uint64_t pte = regs::pte::valid.set(uint64_t{0}, 1);
  pte = regs::pte::aperture.set(pte, PteAperture::kSysCoherent);
  pte = regs::pte::vol.set(pte, cache == Cache::kOff);
  return regs::pte::address_sys.set(pte, kSysAddress >> regs::pte::kAddressShift);
}

/// A read-only page without atomics, in video or peer memory.
constexpr uint64_t read_only_pte(PteAperture aperture, uint64_t address) {
  uint64_t pte = regs::pte::valid.set(uint64_t{0}, 1);
  pte = regs::pte::aperture.set(pte, aperture);
  pte = regs::pte::read_only.set(pte, 1);
  pte = regs::pte::atomic_disable.set(pte, 1);
  const uint64_t low_bits = uint64_t{regs::pte::address_vid.kMax} << regs::pte::kAddressShift;
  pte = regs::pte::address_vid.set(pte, (address & low_bits) >> regs::pte::kAddressShift);
  return regs::pte::comptagline.set(pte, address >> regs::pte::kComptaglineAddressShift);
}

}  // namespace

TEST_CASE("directory entries") {
  STATIC_CHECK(sys_pde() == 0x003999999999990C);
  STATIC_CHECK(vid_pde() == 0x00000001BBBBBB0A);
  STATIC_CHECK(regs::pde::no_ats.set(vid_pde(), 1) == 0x00000001BBBBBB2A);
}

TEST_CASE("dual entry: big table in system memory, small one in video memory") {
  DualPde pde{};
  regs::dual_pde::aperture_big.set(pde, PdeAperture::kSysCoherent);
  regs::dual_pde::vol_big.set(pde, 1);
  regs::dual_pde::address_big_sys.set(pde, 0x399999999999900 >> regs::dual_pde::kAddressBigShift);
  regs::dual_pde::aperture_small.set(pde, PdeAperture::kVidmem);
  regs::dual_pde::vol_small.set(pde, 1);
  regs::dual_pde::address_small_vid.set(pde, kVidAddress >> regs::dual_pde::kAddressShift);
  CHECK(pde == DualPde{0x003999999999999C, 0x00000001BBBBBB0A});
}

TEST_CASE("dual entry: big table in video memory, small one in system memory") {
  DualPde pde{};
  regs::dual_pde::aperture_big.set(pde, PdeAperture::kVidmem);
  regs::dual_pde::vol_big.set(pde, 1);
  regs::dual_pde::address_big_vid.set(pde, 0x1BBBBBBB00 >> regs::dual_pde::kAddressBigShift);
  regs::dual_pde::aperture_small.set(pde, PdeAperture::kSysCoherent);
  regs::dual_pde::vol_small.set(pde, 1);
  regs::dual_pde::address_small_sys.set(pde, kSysAddress >> regs::dual_pde::kAddressShift);
  CHECK(pde == DualPde{0x00000001BBBBBBBA, 0x003999999999990C});
}

TEST_CASE("page entries in system memory") {
  STATIC_CHECK(sys_pte(Cache::kOff) == 0x003999999999990D);
  STATIC_CHECK(sys_pte(Cache::kOn) == 0x0039999999999905);
  constexpr uint64_t no_atomics = regs::pte::atomic_disable.set(sys_pte(Cache::kOn), 1);
  STATIC_CHECK(no_atomics == 0x0039999999999985);
  STATIC_CHECK(regs::pte::read_only.set(no_atomics, 1) == 0x00399999999999C5);
}

TEST_CASE("page entries in video and peer memory") {
  STATIC_CHECK(read_only_pte(PteAperture::kVidmem, kVidAddress) == 0x1BBBBBBC1);
  STATIC_CHECK(read_only_pte(PteAperture::kPeer, kVidAddress) == 0x1BBBBBBC3);
  STATIC_CHECK(read_only_pte(PteAperture::kPeer, 0x5BBBBBBBB000) == 0x2DD1BBBBBBC3);
}

TEST_CASE("invalid entries that mean something") {
  STATIC_CHECK(regs::pte::privilege.set(uint64_t{0}, 1) == 0x20);
  STATIC_CHECK(regs::pte::vol.set(uint64_t{0}, 1) == 0x08);
}

TEST_CASE("the instance block's address spaces lie where the manual says") {
  using namespace regs::instance_block;
  STATIC_CHECK(page_dir_base_lo.word * 4 == 0x200);
  STATIC_CHECK(enable_ats.word * 4 == 0x21C);
  STATIC_CHECK(eng_method_buffer_addr_lo.word * 4 == 0x220);
  STATIC_CHECK(sc_pdb_valid.word(0) * 4 == 0x298);
  STATIC_CHECK(sc_page_dir_base_target.word(0) * 4 == 0x2A0);
  STATIC_CHECK(sc_page_dir_base_hi.word(63) * 4 == 0x2A4 + 16 * 63);
}
