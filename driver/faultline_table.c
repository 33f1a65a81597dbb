// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Page tables in system memory, in the five-level format of the GP100 MMU. */
#include <linux/bitfield.h>
#include <linux/bitmap.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "faultline_compat.h"
#include "faultline_mistake.h"
#include "faultline_regs.h"
#include "faultline_table.h"
#include "faultline_table_entry.h"

const struct faultline_level_shape faultline_shapes[] = {
	[FAULTLINE_LEVEL_PTE]  = { .shift = 12, .bits = 9, .words = 1 },
	[FAULTLINE_LEVEL_PDE0] = { .shift = 21, .bits = 8, .words = 2 },
	[FAULTLINE_LEVEL_PDE1] = { .shift = 29, .bits = 9, .words = 1 },
	[FAULTLINE_LEVEL_PDE2] = { .shift = 38, .bits = 9, .words = 1 },
	[FAULTLINE_LEVEL_PDE3] = { .shift = 47, .bits = 2, .words = 1 },
	[FAULTLINE_LEVEL_BIG_PTE] = { .shift = 16, .bits = 5, .words = 1 },
};

static bool has_leaves_only(enum faultline_level level)
{
	return level == FAULTLINE_LEVEL_PTE || level == FAULTLINE_LEVEL_BIG_PTE;
}

static void page_free(struct faultline_table *table,
		      struct faultline_table_page *page)
{
	if (!page)
		return;
	if (page->words && page->level == FAULTLINE_LEVEL_BIG_PTE)
		dma_pool_free(table->big_tables, page->words, page->dma);
	else if (page->words)
		dma_free_coherent(table->dev, PAGE_SIZE, page->words, page->dma);
	kfree(page->unmap);
	kfree(page->big);
	kfree(page);
}

static __le64 *words_alloc(struct faultline_table *table,
			   enum faultline_level level, dma_addr_t *dma)
{
	if (level == FAULTLINE_LEVEL_BIG_PTE)
		return dma_pool_zalloc(table->big_tables, GFP_KERNEL, dma);
	return dma_alloc_coherent(table->dev, PAGE_SIZE, dma, GFP_KERNEL);
}

static struct faultline_table_page *page_alloc(struct faultline_table *table,
					       enum faultline_level level)
{
	u32 children = has_leaves_only(level) ? 0 : level_entries(level);
	struct faultline_table_page *page;

	page = kzalloc(struct_size(page, children, children), GFP_KERNEL);
	if (!page)
		return NULL;
	page->level = level;
	page->words = words_alloc(table, level, &page->dma);
	if (!page->words)
		goto fail;
	if (level == FAULTLINE_LEVEL_PDE0) {
		page->unmap = kcalloc(children, sizeof(*page->unmap), GFP_KERNEL);
		page->big = kcalloc(children, sizeof(*page->big), GFP_KERNEL);
		if (!page->unmap || !page->big)
			goto fail;
	}
	return page;
fail:
	page_free(table, page);
	return NULL;
}

static void page_link(struct faultline_table *table,
		      struct faultline_table_page *page, u64 base)
{
	page->base = base;
	page->next = table->pages;
	table->pages = page;
	table->page_count++;
}

int faultline_table_init(struct faultline_table *table, struct mutex *lock,
			 struct device *dev)
{
	memset(table, 0, sizeof(*table));
	table->lock = lock;
	table->dev = dev;
	table->big_tables = dma_pool_create("faultline 64 KiB pages", dev,
					    FAULTLINE_BIG_TABLE_BYTES,
					    FAULTLINE_BIG_TABLE_BYTES, 0);
	if (!table->big_tables)
		return -ENOMEM;
	table->root = page_alloc(table, FAULTLINE_LEVEL_PDE3);
	if (!table->root) {
		dma_pool_destroy(table->big_tables);
		return -ENOMEM;
	}
	page_link(table, table->root, 0);
	return 0;
}

/* The device must have forgotten all of it: faultline_tlb_invalidate_all(). */
void faultline_table_fini(struct faultline_table *table)
{
	struct faultline_table_page *page, *next;

	for (page = table->pages; page; page = next) {
		next = page->next;
		page_free(table, page);
	}
	dma_pool_destroy(table->big_tables);
	memset(table, 0, sizeof(*table));
}

/**
 * faultline_table_prepare - have enough spare tables for one 2 MiB region
 * @table: the tables
 * @spares: the caller's; what was left of the last time is kept
 *
 * May sleep and reclaim: called without the lock of the address space, which
 * reclaim takes.
 *
 * Return: 0 or -ENOMEM.
 */
int faultline_table_prepare(struct faultline_table *table,
			    struct faultline_spares *spares)
{
	int level;

	might_sleep();
	lockdep_assert_not_held(table->lock);
	for (level = 0; level < FAULTLINE_LEVELS; level++) {
		if (level == FAULTLINE_LEVEL_PDE3)
			continue;
		if (!spares->page[level])
			spares->page[level] = page_alloc(table, level);
		if (!spares->page[level])
			return -ENOMEM;
	}
	return 0;
}

/* The mapper needs its spares no more. */
void faultline_table_release(struct faultline_table *table,
			     struct faultline_spares *spares)
{
	int level;

	for (level = 0; level < FAULTLINE_LEVELS; level++) {
		page_free(table, spares->page[level]);
		spares->page[level] = NULL;
	}
}

static u64 directory_entry(const struct faultline_table_page *child)
{
	u64 address = child->dma >> FAULTLINE_PDE_ADDRESS_SHIFT;

	if (faultline_mistake(WILD_PDE))
		address ^= BIT_ULL(32);
	return FIELD_PREP(FAULTLINE_PDE_APERTURE,
			  FAULTLINE_PDE_APERTURE_SYS_COHERENT) |
	       FIELD_PREP(FAULTLINE_PDE_ADDRESS_SYS, address);
}

static u64 small_entry(const struct faultline_table_page *child)
{
	return FIELD_PREP(FAULTLINE_DUAL_PDE_APERTURE_SMALL,
			  FAULTLINE_PDE_APERTURE_SYS_COHERENT) |
	       FIELD_PREP(FAULTLINE_DUAL_PDE_ADDRESS_SMALL_SYS,
			  child->dma >> FAULTLINE_DUAL_PDE_ADDRESS_SHIFT);
}

/*
 * The small-table word of a PDE0 entry stays once it is written: while the
 * other word holds a 2 MiB page it is ignored.
 */
static void link_child(struct faultline_table_page *page, u32 index,
		       struct faultline_table_page *child)
{
	__le64 *entry = entry_of(page, index);

	/* The zeroes of the child, before a walk can reach it. */
	dma_wmb();
	if (child->level == FAULTLINE_LEVEL_BIG_PTE) {
		page->big[index] = child;
		write_word(entry, big_entry(child));
		return;
	}
	page->children[index] = child;
	if (page->level == FAULTLINE_LEVEL_PDE0)
		write_word(entry + FAULTLINE_DUAL_PDE_APERTURE_SMALL_WORD,
			   small_entry(child));
	else
		write_word(entry, directory_entry(child));
}

static struct faultline_table_page *
link_spare(struct faultline_table *table, struct faultline_spares *spares,
	   struct faultline_table_page *page, u64 va, enum faultline_level level)
{
	struct faultline_table_page *child = spares->page[level];

	if (WARN_ON_ONCE(!child))
		return NULL;
	spares->page[level] = NULL;
	page_link(table, child, round_down(va, level_span(page->level)));
	link_child(page, level_index(page->level, va), child);
	return child;
}

/* The PDE0 of an address; the directories that are missing are spares. */
static struct faultline_table_page *reach_pde0(struct faultline_table *table,
					       struct faultline_spares *spares,
					       u64 va)
{
	struct faultline_table_page *page = table->root;
	struct faultline_table_page *child;

	while (page && page->level != FAULTLINE_LEVEL_PDE0) {
		child = page->children[level_index(page->level, va)];
		if (!child)
			child = link_spare(table, spares, page, va,
					   page->level - 1);
		page = child;
	}
	return page;
}

/* The table below PDE0 that has pages of the level, NULL if there is none. */
static struct faultline_table_page *
leaf_table(const struct faultline_table_page *pde0, u64 va,
	   enum faultline_level level)
{
	u32 index = level_index(FAULTLINE_LEVEL_PDE0, va);

	return level == FAULTLINE_LEVEL_BIG_PTE ? pde0->big[index] :
						  pde0->children[index];
}

/* What a target does not allow. */
static u64 leaf_denied(const struct faultline_target *target)
{
	return FIELD_PREP(FAULTLINE_PTE_READ_ONLY, !target->writable) |
	       FIELD_PREP(FAULTLINE_PTE_ATOMIC_DISABLE, !target->atomic);
}

static const struct faultline_target nothing_allowed;

static u64 system_entry(dma_addr_t dma)
{
	return FIELD_PREP(FAULTLINE_PTE_VALID, 1) |
	       FIELD_PREP(FAULTLINE_PTE_APERTURE,
			  FAULTLINE_PTE_APERTURE_SYS_COHERENT) |
	       FIELD_PREP(FAULTLINE_PTE_ADDRESS_SYS,
			  dma >> FAULTLINE_PTE_ADDRESS_SHIFT);
}

static u64 vram_entry(u64 address)
{
	return FIELD_PREP(FAULTLINE_PTE_VALID, 1) |
	       FIELD_PREP(FAULTLINE_PTE_APERTURE, FAULTLINE_PTE_APERTURE_VIDMEM) |
	       FIELD_PREP(FAULTLINE_PTE_ADDRESS_VID,
			  address >> FAULTLINE_PTE_ADDRESS_SHIFT);
}

/* Where a valid leaf points to, in its aperture. */
u64 faultline_table_leaf_address(u64 pte)
{
	u64 page = leaf_is_vram(pte) ? FIELD_GET(FAULTLINE_PTE_ADDRESS_VID, pte) :
				       FIELD_GET(FAULTLINE_PTE_ADDRESS_SYS, pte);

	return page << FAULTLINE_PTE_ADDRESS_SHIFT;
}

/*
 * The entry is valid: the page behind it cannot have changed, since that
 * would have gone through an invalidation. It can only allow more now.
 */
static int upgrade(__le64 *entry, u64 pte,
		   const struct faultline_target *target)
{
	u64 denied = pte & leaf_denied(&nothing_allowed);

	if (faultline_table_allows(pte, target))
		return FAULTLINE_MAPPED_SAME;
	write_word(entry, (pte & ~denied) | (denied & leaf_denied(target)));
	return FAULTLINE_MAPPED_UPGRADED;
}

static int make_entry(struct faultline_table *table,
		      const struct faultline_target *target, u64 size, u64 *pte)
{
	dma_addr_t dma;

	*pte = leaf_denied(target);
	if (target->page) {
		dma = dma_map_page_attrs(table->dev, target->page, 0, size,
					 DMA_BIDIRECTIONAL,
					 DMA_ATTR_REQUIRE_COHERENT);
		if (dma_mapping_error(table->dev, dma))
			return -EIO;
		*pte |= system_entry(dma);
	} else {
		*pte |= vram_entry(target->vram);
	}
	if (faultline_mistake(WILD_PTE))
		*pte ^= FIELD_PREP(FAULTLINE_PTE_ADDRESS_SYS, BIT_ULL(32));
	return 0;
}

/* Where the valid leaf of an address is, NULL if none is valid. */
static __le64 *find_leaf(const struct faultline_table_page *pde0, u64 va,
			 enum faultline_level *level)
{
	static const enum faultline_level below[] = { FAULTLINE_LEVEL_BIG_PTE,
						      FAULTLINE_LEVEL_PTE };
	struct faultline_table_page *page;
	__le64 *entry;
	u32 i;

	*level = FAULTLINE_LEVEL_PDE0;
	entry = entry_of(pde0, level_index(*level, va));
	if (FIELD_GET(FAULTLINE_DUAL_PDE_IS_PTE, read_word(entry)))
		return entry;
	for (i = 0; i < ARRAY_SIZE(below); i++) {
		*level = below[i];
		page = leaf_table(pde0, va, *level);
		if (!page)
			continue;
		entry = entry_of(page, level_index(*level, va));
		if (FIELD_GET(FAULTLINE_PTE_VALID, read_word(entry)))
			return entry;
	}
	return NULL;
}

static int map_new(struct faultline_table *table, struct faultline_spares *spares,
		   struct faultline_table_page *pde0, u64 va,
		   enum faultline_level level, u64 pte)
{
	u32 index = level_index(FAULTLINE_LEVEL_PDE0, va);
	bool known = pde0->big[index] || pde0->children[index];
	struct faultline_table_page *page = pde0;

	if (level != FAULTLINE_LEVEL_PDE0)
		page = leaf_table(pde0, va, level);
	/* A directory entry without a table is in no TLB. */
	known &= !page || page == pde0;
	if (!page)
		page = link_spare(table, spares, pde0, va, level);
	if (!page)
		return -EIO;
	write_word(entry_of(page, level_index(level, va)), pte);
	table->mapped += level_span(level) >> FAULTLINE_PAGE_SHIFT;
	return known ? FAULTLINE_MAPPED_LINKED : FAULTLINE_MAPPED_NEW;
}

/**
 * faultline_table_map - map a page
 * @table: the tables; no valid entry of another size is in the way:
 *	faultline_table_find()
 * @spares: the caller's, prepared
 * @va: address, aligned to the page
 * @level: of its entry, %FAULTLINE_LEVEL_PTE, %FAULTLINE_LEVEL_BIG_PTE or
 *	%FAULTLINE_LEVEL_PDE0
 * @target: what to, aligned as the address
 *
 * Return: enum faultline_mapped, or -EIO when the page cannot be mapped for DMA.
 */
int faultline_table_map(struct faultline_table *table,
			struct faultline_spares *spares, u64 va,
			enum faultline_level level,
			const struct faultline_target *target)
{
	struct faultline_table_page *pde0;
	enum faultline_level now;
	__le64 *entry;
	u64 pte;

	lockdep_assert_held(table->lock);
	pde0 = reach_pde0(table, spares, va);
	if (!pde0)
		return -EIO;
	entry = find_leaf(pde0, va, &now);
	if (WARN_ON_ONCE(entry && now != level))
		return -EIO;
	if (entry)
		return upgrade(entry, read_word(entry), target);
	/* Before a table is linked: its first entry tells that it was. */
	if (make_entry(table, target, level_span(level), &pte))
		return -EIO;
	return map_new(table, spares, pde0, va, level, pte);
}

static struct faultline_table_page *find_pde0(struct faultline_table *table, u64 va)
{
	struct faultline_table_page *page = table->root;

	lockdep_assert_held(table->lock);
	while (page && page->level != FAULTLINE_LEVEL_PDE0)
		page = page->children[level_index(page->level, va)];
	return page;
}

static void describe(struct faultline_leaf *leaf, u64 va,
		     enum faultline_level level, u64 pte)
{
	leaf->va = round_down(va, level_span(level));
	leaf->pte = pte;
	leaf->level = level;
	leaf->shift = faultline_shapes[level].shift;
}

/* The valid leaf that maps @va; false: none does. */
bool faultline_table_find(struct faultline_table *table, u64 va,
			  struct faultline_leaf *leaf)
{
	struct faultline_table_page *pde0 = find_pde0(table, va);
	enum faultline_level level;
	__le64 *entry = pde0 ? find_leaf(pde0, va, &level) : NULL;

	if (entry)
		describe(leaf, va, level, read_word(entry));
	return entry;
}

/* The entry lets the device do all that the target does. */
bool faultline_table_allows(u64 pte, const struct faultline_target *target)
{
	return !(pte & leaf_denied(&nothing_allowed) & ~leaf_denied(target));
}

/* Which of the 512 pages of the region at @base are mapped. */
void faultline_table_occupied(struct faultline_table *table, u64 base,
			      unsigned long *occupied)
{
	struct faultline_leaf leaf;
	u64 va;

	lockdep_assert_held(table->lock);
	bitmap_zero(occupied, FAULTLINE_HUGE_PAGES);
	for (va = base; va < base + FAULTLINE_HUGE_SIZE; va = leaf.va + (1ull << leaf.shift)) {
		if (faultline_table_find(table, va, &leaf))
			bitmap_set(occupied, (va - base) >> PAGE_SHIFT,
				   1u << (leaf.shift - PAGE_SHIFT));
		else
			describe(&leaf, va, FAULTLINE_LEVEL_PTE, 0);
	}
}

static bool find_atomic(struct faultline_table *table, u64 va,
			struct faultline_leaf *leaf)
{
	lockdep_assert_held(table->lock);
	return faultline_table_find(table, va, leaf) &&
	       !FIELD_GET(FAULTLINE_PTE_ATOMIC_DISABLE, leaf->pte);
}

/* The device may do strong atomics at @va. */
bool faultline_table_is_atomic(struct faultline_table *table, u64 va)
{
	struct faultline_leaf leaf;

	return find_atomic(table, va, &leaf);
}

/* The same of system memory: where atomics need exclusive access, a page that is claimed. */
bool faultline_table_is_claimed(struct faultline_table *table, u64 va)
{
	struct faultline_leaf leaf;

	return find_atomic(table, va, &leaf) && !leaf_is_vram(leaf.pte);
}

/* Every valid leaf, in no order. */
void faultline_table_visit_leaves(struct faultline_table *table,
				  faultline_leaf_fn fn, void *arg)
{
	struct faultline_table_page *page;
	struct faultline_leaf leaf;
	u32 i;

	lockdep_assert_held(table->lock);
	for (page = table->pages; page; page = page->next) {
		if (page->level > FAULTLINE_LEVEL_PDE0 &&
		    page->level != FAULTLINE_LEVEL_BIG_PTE)
			continue;
		for (i = 0; i < level_entries(page->level); i++) {
			describe(&leaf, page->base + i * level_span(page->level),
				 page->level, read_word(entry_of(page, i)));
			if (FIELD_GET(FAULTLINE_PTE_VALID, leaf.pte))
				fn(&leaf, arg);
		}
	}
}
