/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Words of the page tables, for those who write them: faultline_table*.c. */
#ifndef _FAULTLINE_TABLE_ENTRY_H_
#define _FAULTLINE_TABLE_ENTRY_H_

#include <linux/bitfield.h>
#include <linux/bits.h>

#include "faultline_regs.h"
#include "faultline_table.h"

/**
 * struct faultline_level_shape - tables of a level
 */
struct faultline_level_shape {
	/** @shift: log2 of what an entry covers, in bytes */
	u8 shift;
	/** @bits: log2 of the number of entries */
	u8 bits;
	/** @words: of an entry */
	u8 words;
};

extern const struct faultline_level_shape faultline_shapes[];

static inline u32 level_entries(enum faultline_level level)
{
	return 1u << faultline_shapes[level].bits;
}

static inline u32 level_index(enum faultline_level level, u64 va)
{
	return (va >> faultline_shapes[level].shift) & (level_entries(level) - 1);
}

static inline u64 level_span(enum faultline_level level)
{
	return 1ull << faultline_shapes[level].shift;
}

static inline __le64 *entry_of(const struct faultline_table_page *page, u32 index)
{
	return page->words + index * faultline_shapes[page->level].words;
}

static inline u64 read_word(const __le64 *word)
{
	return le64_to_cpu(READ_ONCE(*word));
}

static inline void write_word(__le64 *word, u64 value)
{
	WRITE_ONCE(*word, cpu_to_le64(value));
}

/* The big-table word of a PDE0 entry. */
static inline u64 big_entry(const struct faultline_table_page *child)
{
	return FIELD_PREP(FAULTLINE_DUAL_PDE_APERTURE_BIG,
			  FAULTLINE_PDE_APERTURE_SYS_COHERENT) |
	       FIELD_PREP(FAULTLINE_DUAL_PDE_ADDRESS_BIG_SYS,
			  child->dma >> FAULTLINE_DUAL_PDE_ADDRESS_BIG_SHIFT);
}

static inline bool leaf_is_vram(u64 pte)
{
	return FIELD_GET(FAULTLINE_PTE_APERTURE, pte) ==
	       FAULTLINE_PTE_APERTURE_VIDMEM;
}

/* The word that a zapped PTE leaves: the DMA address to be given back. */
static inline u64 zapped_dma(u64 pte)
{
	return FIELD_GET(FAULTLINE_PTE_ADDRESS_SYS, pte) <<
	       FAULTLINE_PTE_ADDRESS_SHIFT;
}

#endif /* _FAULTLINE_TABLE_ENTRY_H_ */
