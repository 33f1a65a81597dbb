// SPDX-License-Identifier: MIT
// The C header and the C++ header describe the same bits.
#include <array>
#include <catch2/catch_test_macros.hpp>

#include "regs/generated/faultline_regs.h"
#include "regs/generated/faultline_regs.hpp"

namespace regs = faultline::regs;

extern "C" {
unsigned long long c_pte_address_sys(unsigned long long pte);
unsigned int c_fault_type(const unsigned int* packet);
unsigned int c_sc_pdb_valid(const unsigned int* instance_block, unsigned int veid);
unsigned int c_sc_page_dir_base_lo(const unsigned int* instance_block, unsigned int veid);
}

static_assert(FAULTLINE_MMU_CTRL == regs::mmu_ctrl::kOffset);
static_assert(FAULTLINE_MMU_CTRL_RESET == regs::mmu_ctrl::kReset);
static_assert(FAULTLINE_MMU_FAULT_BUFFER_GET(1) == regs::mmu_fault_buffer_get::offset(1));
static_assert(FAULTLINE_MMU_FAULT_BUFFER_GET_OVERFLOW ==
              regs::mmu_fault_buffer_get::overflow.mask());
static_assert(FAULTLINE_ID == regs::faultline_id::kOffset);
static_assert(FAULTLINE_INSTANCE_BLOCK_BYTES == regs::instance_block::kBytes);
static_assert(FAULTLINE_INSTANCE_BLOCK_SC_PASID_COUNT == regs::instance_block::sc_pasid.kCount);
static_assert(FAULTLINE_PTE_ADDRESS_SHIFT == regs::pte::kAddressShift);
static_assert(FAULTLINE_FAULT_TYPE_RO_VIOLATION == int(regs::FaultType::kRoViolation));

TEST_CASE("C reads a field of a 64-bit entry as C++ does") {
  const uint64_t pte = regs::pte::address_sys.set(~uint64_t{0}, 0x2AAAAAAAAAAAu);
  CHECK(c_pte_address_sys(pte) == 0x2AAAAAAAAAAAu);
}

TEST_CASE("C reads a field of a packet as C++ does") {
  std::array<uint32_t, regs::fault_packet::kWords> packet{};
  packet.fill(0xFFFFFFFF);
  regs::fault_packet::fault_type.set(packet, regs::FaultType::kAtomicViolation);
  CHECK(c_fault_type(packet.data()) == 0xF);
}

TEST_CASE("C reads subcontext fields as C++ does") {
  std::array<uint32_t, regs::instance_block::kWords> block{};
  for (size_t veid : {0, 31, 32, 63}) {
    regs::instance_block::sc_pdb_valid.set(block, veid, 1);
    regs::instance_block::sc_page_dir_base_lo.set(block, veid, 0x12345 + veid);
  }
  for (unsigned veid = 0; veid < 64; ++veid) {
    CHECK(c_sc_pdb_valid(block.data(), veid) ==
          regs::instance_block::sc_pdb_valid.get(block, veid));
    CHECK(c_sc_page_dir_base_lo(block.data(), veid) ==
          regs::instance_block::sc_page_dir_base_lo.get(block, veid));
  }
  CHECK(c_sc_pdb_valid(block.data(), 32) == 1);
  CHECK(c_sc_pdb_valid(block.data(), 33) == 0);
}
