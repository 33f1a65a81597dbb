/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* State of the invalidate and replay registers. */
#ifndef _FAULTLINE_TLB_TYPES_H_
#define _FAULTLINE_TLB_TYPES_H_

#include <linux/spinlock.h>
#include <linux/types.h>

/** enum faultline_tlb_operand - registers that say what an operation is about */
enum faultline_tlb_operand {
	FAULTLINE_TLB_PDB,
	FAULTLINE_TLB_UPPER_PDB,
	FAULTLINE_TLB_VADDR,
	FAULTLINE_TLB_UPPER_VADDR,
	FAULTLINE_TLB_SIZE,
	FAULTLINE_TLB_OPERANDS
};

/**
 * struct faultline_tlb - the one set of invalidate registers
 */
struct faultline_tlb {
	/** @lock: one operation's register writes stay together */
	spinlock_t lock;
	/**
	 * @credits: triggers that surely fit in the MMU's queue of
	 * operations; under @lock
	 */
	u32 credits;
	/** @posted: triggers ever written; under @lock */
	u32 posted;
	/**
	 * @operands: what the registers hold; under @lock. Most operations
	 * differ from the one before in few of them, and each write costs.
	 */
	u32 operands[FAULTLINE_TLB_OPERANDS];
	/** @known: bit N: @operands[N] was written; under @lock */
	unsigned long known;
};

/**
 * struct faultline_tlb_range - what of an address space to invalidate
 */
struct faultline_tlb_range {
	/** @start: first byte */
	u64 start;
	/** @last: last byte */
	u64 last;
	/**
	 * @directory: page directory entries of level 0 changed too, which
	 * is also where a 2 MiB page is kept
	 */
	bool directory;
};

#endif /* _FAULTLINE_TLB_TYPES_H_ */
