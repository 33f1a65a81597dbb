/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Page tables in system memory: map, zap, walk. */
#ifndef _FAULTLINE_TABLE_H_
#define _FAULTLINE_TABLE_H_

#include <linux/sizes.h>

#include "faultline_table_types.h"
#include "faultline_tlb_types.h"

#define FAULTLINE_VA_BITS	49
#define FAULTLINE_PAGE_SHIFT	12
#define FAULTLINE_BIG_SIZE	SZ_64K
#define FAULTLINE_BIG_PAGES	(FAULTLINE_BIG_SIZE >> FAULTLINE_PAGE_SHIFT)
#define FAULTLINE_BIG_TABLE_BYTES	256
#define FAULTLINE_HUGE_SHIFT	21
#define FAULTLINE_HUGE_SIZE	SZ_2M
#define FAULTLINE_HUGE_ORDER	(FAULTLINE_HUGE_SHIFT - FAULTLINE_PAGE_SHIFT)
#define FAULTLINE_HUGE_PAGES	(FAULTLINE_HUGE_SIZE >> FAULTLINE_PAGE_SHIFT)

/**
 * enum faultline_mapped - what a map call did to its entry
 */
enum faultline_mapped {
	/** @FAULTLINE_MAPPED_SAME: it allowed as much before */
	FAULTLINE_MAPPED_SAME,
	/** @FAULTLINE_MAPPED_NEW: it was invalid: no TLB holds it */
	FAULTLINE_MAPPED_NEW,
	/** @FAULTLINE_MAPPED_UPGRADED: a TLB may hold an entry that allows less */
	FAULTLINE_MAPPED_UPGRADED,
	/**
	 * @FAULTLINE_MAPPED_LINKED: it was invalid, but a TLB may hold the
	 * directory entry that did not lead to it. This device's MMU walks
	 * from the root before it reports a fault; not every MMU promises that.
	 */
	FAULTLINE_MAPPED_LINKED,
};

/**
 * struct faultline_leaf - a valid leaf entry, for those who walk the tables
 */
struct faultline_leaf {
	/** @va: first address */
	u64 va;
	/** @pte: the entry */
	u64 pte;
	/** @level: where it is */
	enum faultline_level level;
	/** @shift: log2 of the page size */
	u8 shift;
};

typedef void (*faultline_leaf_fn)(const struct faultline_leaf *leaf, void *arg);

int faultline_table_init(struct faultline_table *table, struct mutex *lock,
			 struct device *dev);
void faultline_table_fini(struct faultline_table *table);
int faultline_table_prepare(struct faultline_table *table,
			    struct faultline_spares *spares);
void faultline_table_release(struct faultline_table *table,
			     struct faultline_spares *spares);
int faultline_table_map(struct faultline_table *table,
			struct faultline_spares *spares, u64 va,
			enum faultline_level level,
			const struct faultline_target *target);
bool faultline_table_find(struct faultline_table *table, u64 va,
			  struct faultline_leaf *leaf);
bool faultline_table_allows(u64 pte, const struct faultline_target *target);
void faultline_table_occupied(struct faultline_table *table, u64 base,
			      unsigned long *occupied);
bool faultline_table_is_atomic(struct faultline_table *table, u64 va);
bool faultline_table_is_claimed(struct faultline_table *table, u64 va);
u64 faultline_table_zap(struct faultline_table *table, u64 start, u64 last,
			struct faultline_tlb_range *range);
void faultline_table_unmap_zapped(struct faultline_table *table,
				  const struct faultline_tlb_range *range);
void faultline_table_visit_leaves(struct faultline_table *table,
				  faultline_leaf_fn fn, void *arg);

u64 faultline_table_leaf_address(u64 pte);

static inline u64 faultline_table_pdb(const struct faultline_table *table)
{
	return table->root->dma;
}

static inline u64 faultline_table_page_size(enum faultline_level level)
{
	switch (level) {
	case FAULTLINE_LEVEL_PDE0:
		return FAULTLINE_HUGE_SIZE;
	case FAULTLINE_LEVEL_BIG_PTE:
		return FAULTLINE_BIG_SIZE;
	default:
		return PAGE_SIZE;
	}
}

/* What of a table the device sees; a small directory has a page of its own. */
static inline size_t
faultline_table_page_bytes(const struct faultline_table_page *page)
{
	return page->level == FAULTLINE_LEVEL_BIG_PTE ? FAULTLINE_BIG_TABLE_BYTES :
							PAGE_SIZE;
}

#endif /* _FAULTLINE_TABLE_H_ */
