// SPDX-License-Identifier: MIT
// Uses the generated C header as firmware does: freestanding, without any other header.
#include "regs/generated/faultline_regs.h"

unsigned long long c_pte_address_sys(unsigned long long pte);
unsigned int c_fault_type(const unsigned int *packet);
unsigned int c_sc_pdb_valid(const unsigned int *instance_block, unsigned int veid);
unsigned int c_sc_page_dir_base_lo(const unsigned int *instance_block, unsigned int veid);

unsigned long long c_pte_address_sys(unsigned long long pte)
{
	return (pte & FAULTLINE_PTE_ADDRESS_SYS) >> __builtin_ctzll(FAULTLINE_PTE_ADDRESS_SYS);
}

unsigned int c_fault_type(const unsigned int *packet)
{
	return (packet[FAULTLINE_FAULT_PACKET_FAULT_TYPE_WORD] & FAULTLINE_FAULT_PACKET_FAULT_TYPE) >>
	       __builtin_ctz(FAULTLINE_FAULT_PACKET_FAULT_TYPE);
}

unsigned int c_sc_pdb_valid(const unsigned int *instance_block, unsigned int veid)
{
	return !!(instance_block[FAULTLINE_INSTANCE_BLOCK_SC_PDB_VALID_WORD(veid)] &
		  FAULTLINE_INSTANCE_BLOCK_SC_PDB_VALID(veid));
}

unsigned int c_sc_page_dir_base_lo(const unsigned int *instance_block, unsigned int veid)
{
	return (instance_block[FAULTLINE_INSTANCE_BLOCK_SC_PAGE_DIR_BASE_LO_WORD(veid)] &
		FAULTLINE_INSTANCE_BLOCK_SC_PAGE_DIR_BASE_LO) >>
	       __builtin_ctz(FAULTLINE_INSTANCE_BLOCK_SC_PAGE_DIR_BASE_LO);
}
