/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Page tables of one address space. */
#ifndef _FAULTLINE_TABLE_TYPES_H_
#define _FAULTLINE_TABLE_TYPES_H_

#include <linux/types.h>

struct device;
struct dma_pool;
struct mutex;
struct page;

/**
 * enum faultline_level - levels of the walk, from the leaf up (GP100 MMU format)
 */
enum faultline_level {
	/** @FAULTLINE_LEVEL_PTE: 512 entries of 4 KiB */
	FAULTLINE_LEVEL_PTE,
	/** @FAULTLINE_LEVEL_PDE0: 256 dual entries of 2 MiB */
	FAULTLINE_LEVEL_PDE0,
	/** @FAULTLINE_LEVEL_PDE1: 512 entries of 512 MiB */
	FAULTLINE_LEVEL_PDE1,
	/** @FAULTLINE_LEVEL_PDE2: 512 entries of 256 GiB */
	FAULTLINE_LEVEL_PDE2,
	/** @FAULTLINE_LEVEL_PDE3: 4 entries of 128 TiB, the root */
	FAULTLINE_LEVEL_PDE3,
	/** @FAULTLINE_LEVEL_BIG_PTE: 32 entries of 64 KiB, beside FAULTLINE_LEVEL_PTE */
	FAULTLINE_LEVEL_BIG_PTE,
	/** @FAULTLINE_LEVELS: how many */
	FAULTLINE_LEVELS
};

/**
 * struct faultline_table_page - one directory or table, for the device 4 KiB,
 * or 256 bytes if it has entries of 64 KiB
 */
struct faultline_table_page {
	/** @words: the entries; a dual entry of PDE0 has two words */
	__le64 *words;
	/** @dma: where the device finds them */
	dma_addr_t dma;
	/** @base: first address covered */
	u64 base;
	/** @level: what it is */
	enum faultline_level level;
	/** @next: list of all pages of this table set */
	struct faultline_table_page *next;
	/**
	 * @unmap: DMA addresses of 2 MiB pages that are zapped but not
	 * unmapped yet; PDE0 only
	 */
	dma_addr_t *unmap;
	/** @big: tables of 64 KiB pages that the entries point to; PDE0 only */
	struct faultline_table_page **big;
	/** @children: other tables that the entries point to; not in a PTE table */
	struct faultline_table_page *children[];
};

/**
 * struct faultline_table - all page tables of an address space
 *
 * Tables are added as needed and freed together: an empty one is kept until
 * the address space goes.
 */
struct faultline_table {
	/** @lock: who looks at entries or changes them holds it; for assertions */
	struct mutex *lock;
	/** @dev: DMA device */
	struct device *dev;
	/** @big_tables: memory for tables of 64 KiB pages */
	struct dma_pool *big_tables;
	/** @root: page directory 3 */
	struct faultline_table_page *root;
	/** @pages: all of them */
	struct faultline_table_page *pages;
	/** @page_count: length of @pages */
	u32 page_count;
	/** @mapped: 4 KiB pages that have a valid entry */
	u64 mapped;
};

/**
 * struct faultline_spares - tables that a mapper brings along
 *
 * The lock of the tables is taken by reclaim, so nothing may be allocated under
 * it. Each mapper has its own.
 */
struct faultline_spares {
	/** @page: one of each level that may be missing, or NULL */
	struct faultline_table_page *page[FAULTLINE_LEVELS];
};

/**
 * struct faultline_target - what an entry is to point to, and what it allows
 */
struct faultline_target {
	/** @page: page of system memory; NULL: device memory */
	struct page *page;
	/** @vram: address in device memory */
	u64 vram;
	/** @writable: the device may write */
	bool writable;
	/** @atomic: it may do strong atomics; only if @writable */
	bool atomic;
};

#endif /* _FAULTLINE_TABLE_TYPES_H_ */
