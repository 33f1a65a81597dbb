// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Page tables in system memory, in the five-level format of the GP100 MMU. */
#include <linux/bitfield.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "faultline_regs.h"
#include "faultline_table.h"

/**
 * DOC: Zapping in two steps
 *
 * An entry that is taken away must not be reused by anybody before the device
 * has forgotten it. faultline_table_zap() therefore only makes entries invalid
 * and remembers what they mapped; after the TLB invalidate
 * faultline_table_unmap_zapped() gives the DMA mappings back. A zapped PTE
 * keeps its address, since the walk ignores all of an invalid PTE but VOL. A
 * zapped 2 MiB entry cannot: its low word would read as a dual entry. Its
 * address moves to &faultline_table_page.unmap. Device memory is not mapped for
 * DMA, so nothing of it is kept.
 *
 * A 2 MiB entry is the low word of PDE0, which is a PTE when bit 0 says so.
 */

struct level_shape {
	u8 shift;
	u8 bits;
	u8 words;
};

static const struct level_shape shapes[FAULTLINE_LEVELS] = {
	[FAULTLINE_LEVEL_PTE]  = { .shift = 12, .bits = 9, .words = 1 },
	[FAULTLINE_LEVEL_PDE0] = { .shift = 21, .bits = 8, .words = 2 },
	[FAULTLINE_LEVEL_PDE1] = { .shift = 29, .bits = 9, .words = 1 },
	[FAULTLINE_LEVEL_PDE2] = { .shift = 38, .bits = 9, .words = 1 },
	[FAULTLINE_LEVEL_PDE3] = { .shift = 47, .bits = 2, .words = 1 },
};

static u32 level_entries(enum faultline_level level)
{
	return 1u << shapes[level].bits;
}

static u32 level_index(enum faultline_level level, u64 va)
{
	return (va >> shapes[level].shift) & (level_entries(level) - 1);
}

static u64 level_span(enum faultline_level level)
{
	return 1ull << shapes[level].shift;
}

static __le64 *entry_of(struct faultline_table_page *page, u32 index)
{
	return page->words + index * shapes[page->level].words;
}

static u64 read_word(const __le64 *word)
{
	return le64_to_cpu(READ_ONCE(*word));
}

static void write_word(__le64 *word, u64 value)
{
	WRITE_ONCE(*word, cpu_to_le64(value));
}

static void page_free(struct device *dev, struct faultline_table_page *page)
{
	if (!page)
		return;
	if (page->words)
		dma_free_coherent(dev, PAGE_SIZE, page->words, page->dma);
	kfree(page->unmap);
	kfree(page);
}

static struct faultline_table_page *page_alloc(struct device *dev,
					       enum faultline_level level)
{
	u32 children = level == FAULTLINE_LEVEL_PTE ? 0 : level_entries(level);
	struct faultline_table_page *page;

	page = kzalloc(struct_size(page, children, children), GFP_KERNEL);
	if (!page)
		return NULL;
	page->level = level;
	page->words = dma_alloc_coherent(dev, PAGE_SIZE, &page->dma, GFP_KERNEL);
	if (!page->words)
		goto fail;
	if (level == FAULTLINE_LEVEL_PDE0) {
		page->unmap = kcalloc(children, sizeof(*page->unmap), GFP_KERNEL);
		if (!page->unmap)
			goto fail;
	}
	return page;
fail:
	page_free(dev, page);
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

int faultline_table_init(struct faultline_table *table, struct device *dev)
{
	memset(table, 0, sizeof(*table));
	table->dev = dev;
	table->root = page_alloc(dev, FAULTLINE_LEVEL_PDE3);
	if (!table->root)
		return -ENOMEM;
	page_link(table, table->root, 0);
	return 0;
}

/* The device must have forgotten all of it: faultline_tlb_invalidate_all(). */
void faultline_table_fini(struct faultline_table *table)
{
	struct faultline_table_page *page, *next;

	for (page = table->pages; page; page = next) {
		next = page->next;
		page_free(table->dev, page);
	}
	memset(table, 0, sizeof(*table));
}

/**
 * faultline_table_prepare - have enough spare tables for one 2 MiB region
 * @table: the tables
 * @spares: the caller's; what was left of the last time is kept
 *
 * May sleep and reclaim: called without the lock of the address space.
 *
 * Return: 0 or -ENOMEM.
 */
int faultline_table_prepare(struct faultline_table *table,
			    struct faultline_spares *spares)
{
	int level;

	for (level = FAULTLINE_LEVEL_PTE; level < FAULTLINE_LEVEL_PDE3; level++) {
		if (!spares->page[level])
			spares->page[level] = page_alloc(table->dev, level);
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
		page_free(table->dev, spares->page[level]);
		spares->page[level] = NULL;
	}
}

static u64 directory_entry(const struct faultline_table_page *child)
{
	return FIELD_PREP(FAULTLINE_PDE_APERTURE,
			  FAULTLINE_PDE_APERTURE_SYS_COHERENT) |
	       FIELD_PREP(FAULTLINE_PDE_ADDRESS_SYS,
			  child->dma >> FAULTLINE_PDE_ADDRESS_SHIFT);
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

	page->children[index] = child;
	/* The zeroes of the child, before a walk can reach it. */
	dma_wmb();
	if (page->level == FAULTLINE_LEVEL_PDE0)
		write_word(entry + FAULTLINE_DUAL_PDE_APERTURE_SMALL_WORD,
			   small_entry(child));
	else
		write_word(entry, directory_entry(child));
}

/* The table of a level for an address; what is missing is taken from the spares. */
static struct faultline_table_page *reach(struct faultline_table *table,
					  struct faultline_spares *spares,
					  u64 va, enum faultline_level level)
{
	struct faultline_table_page *page = table->root;
	struct faultline_table_page *child;
	u32 index;

	while (page->level != level) {
		index = level_index(page->level, va);
		child = page->children[index];
		if (!child) {
			child = spares->page[page->level - 1];
			if (WARN_ON_ONCE(!child))
				return NULL;
			spares->page[page->level - 1] = NULL;
			page_link(table, child,
				  round_down(va, level_span(page->level)));
			link_child(page, index, child);
		}
		page = child;
	}
	return page;
}

/* What a target does not allow. */
static u64 leaf_denied(const struct faultline_target *target)
{
	return FIELD_PREP(FAULTLINE_PTE_READ_ONLY, !target->writable) |
	       FIELD_PREP(FAULTLINE_PTE_ATOMIC_DISABLE, !target->atomic);
}

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

static bool leaf_is_vram(u64 pte)
{
	return FIELD_GET(FAULTLINE_PTE_APERTURE, pte) ==
	       FAULTLINE_PTE_APERTURE_VIDMEM;
}

/* Where a valid leaf points to, in its aperture. */
u64 faultline_table_leaf_address(u64 pte)
{
	u64 page = leaf_is_vram(pte) ? FIELD_GET(FAULTLINE_PTE_ADDRESS_VID, pte) :
				       FIELD_GET(FAULTLINE_PTE_ADDRESS_SYS, pte);

	return page << FAULTLINE_PTE_ADDRESS_SHIFT;
}

/* The word that a zapped PTE leaves: the DMA address to be given back. */
static u64 zapped_dma(u64 pte)
{
	return FIELD_GET(FAULTLINE_PTE_ADDRESS_SYS, pte) <<
	       FAULTLINE_PTE_ADDRESS_SHIFT;
}

/*
 * The entry is valid: the page behind it cannot have changed, since that
 * would have gone through an invalidation. It can only allow more now.
 */
static int upgrade(__le64 *entry, u64 pte,
		   const struct faultline_target *target)
{
	static const struct faultline_target nothing = {};
	u64 denied = pte & leaf_denied(&nothing);

	if (!(denied & ~leaf_denied(target)))
		return FAULTLINE_MAPPED_SAME;
	write_word(entry, (pte & ~denied) | (denied & leaf_denied(target)));
	return FAULTLINE_MAPPED_UPGRADED;
}

static int map_new(struct faultline_table *table, __le64 *entry,
		   const struct faultline_target *target, size_t size)
{
	u64 pte = leaf_denied(target);
	dma_addr_t dma;

	if (target->page) {
		dma = dma_map_page(table->dev, target->page, 0, size,
				   DMA_BIDIRECTIONAL);
		if (dma_mapping_error(table->dev, dma))
			return -EIO;
		pte |= system_entry(dma);
	} else {
		pte |= vram_entry(target->vram);
	}
	write_word(entry, pte);
	table->mapped += size >> FAULTLINE_PAGE_SHIFT;
	return FAULTLINE_MAPPED_NEW;
}

/**
 * faultline_table_map_page - map 4 KiB
 * @table: the tables
 * @spares: the caller's, prepared
 * @va: address, page aligned
 * @target: what to
 *
 * Return: enum faultline_mapped, or -EIO when the page cannot be mapped for DMA.
 */
int faultline_table_map_page(struct faultline_table *table,
			     struct faultline_spares *spares, u64 va,
			     const struct faultline_target *target)
{
	struct faultline_table_page *leaf, *pde0;
	__le64 *entry;
	u64 pte;

	pde0 = reach(table, spares, va, FAULTLINE_LEVEL_PDE0);
	if (!pde0)
		return -EIO;
	entry = entry_of(pde0, level_index(FAULTLINE_LEVEL_PDE0, va));
	pte = read_word(entry);
	if (FIELD_GET(FAULTLINE_DUAL_PDE_IS_PTE, pte))
		return upgrade(entry, pte, target);

	leaf = reach(table, spares, va, FAULTLINE_LEVEL_PTE);
	if (!leaf)
		return -EIO;
	entry = entry_of(leaf, level_index(FAULTLINE_LEVEL_PTE, va));
	pte = read_word(entry);
	if (FIELD_GET(FAULTLINE_PTE_VALID, pte))
		return upgrade(entry, pte, target);
	return map_new(table, entry, target, PAGE_SIZE);
}

/**
 * faultline_table_map_huge - map 2 MiB
 * @table: the tables; no 4 KiB page is mapped in the region
 * @spares: the caller's, prepared
 * @va: address, 2 MiB aligned
 * @target: as for faultline_table_map_page(), 2 MiB aligned
 *
 * Return: enum faultline_mapped, or -EIO. A TLB may hold the dual entry that
 * was there, so anything but FAULTLINE_MAPPED_SAME needs an invalidate of the
 * directory entry.
 */
int faultline_table_map_huge(struct faultline_table *table,
			     struct faultline_spares *spares, u64 va,
			     const struct faultline_target *target)
{
	struct faultline_table_page *pde0;
	__le64 *entry;
	u64 pte;
	u32 index = level_index(FAULTLINE_LEVEL_PDE0, va);

	pde0 = reach(table, spares, va, FAULTLINE_LEVEL_PDE0);
	if (!pde0)
		return -EIO;
	entry = entry_of(pde0, index);
	pte = read_word(entry);
	if (FIELD_GET(FAULTLINE_DUAL_PDE_IS_PTE, pte))
		return upgrade(entry, pte, target);
	if (WARN_ON_ONCE(pde0->unmap[index]))
		return -EIO;
	return map_new(table, entry, target, FAULTLINE_HUGE_SIZE);
}

/* The table of a level for an address, NULL if there is none. */
static struct faultline_table_page *find(struct faultline_table *table, u64 va,
					 enum faultline_level level)
{
	struct faultline_table_page *page = table->root;

	while (page && page->level != level)
		page = page->children[level_index(page->level, va)];
	return page;
}

/* The entry at @va in a table; 0 if there is no table. */
static u64 entry_at(const struct faultline_table_page *page, u64 va)
{
	return page ? read_word(page->words + level_index(page->level, va) *
						      shapes[page->level].words) : 0;
}

/* The region around @va is mapped by one entry. */
bool faultline_table_is_huge(struct faultline_table *table, u64 va)
{
	return FIELD_GET(FAULTLINE_DUAL_PDE_IS_PTE,
			 entry_at(find(table, va, FAULTLINE_LEVEL_PDE0), va));
}

/* The device may do strong atomics at @va. */
bool faultline_table_is_atomic(struct faultline_table *table, u64 va)
{
	u64 pte = entry_at(find(table, va, FAULTLINE_LEVEL_PDE0), va);

	if (!FIELD_GET(FAULTLINE_DUAL_PDE_IS_PTE, pte))
		pte = entry_at(find(table, va, FAULTLINE_LEVEL_PTE), va);
	return FIELD_GET(FAULTLINE_PTE_VALID, pte) &&
	       !FIELD_GET(FAULTLINE_PTE_ATOMIC_DISABLE, pte);
}

static void zapped(struct faultline_table *table,
		   struct faultline_tlb_range *range, u64 va, u64 size)
{
	range->start = min(range->start, va);
	range->last = max(range->last, va + size - 1);
	table->mapped -= size >> FAULTLINE_PAGE_SHIFT;
}

static void zap_leaves(struct faultline_table *table,
		       struct faultline_table_page *page, u64 start, u64 last,
		       struct faultline_tlb_range *range)
{
	u32 end = level_index(page->level, last);
	__le64 *entry;
	u64 pte;
	u32 i;

	for (i = level_index(page->level, start); i <= end; i++) {
		entry = entry_of(page, i);
		pte = read_word(entry);
		if (!FIELD_GET(FAULTLINE_PTE_VALID, pte))
			continue;
		write_word(entry, leaf_is_vram(pte) ? 0 :
					pte & FAULTLINE_PTE_ADDRESS_SYS);
		zapped(table, range, page->base + i * level_span(page->level),
		       PAGE_SIZE);
	}
}

static void zap_huge(struct faultline_table *table,
		     struct faultline_table_page *page, u32 index,
		     struct faultline_tlb_range *range)
{
	__le64 *entry = entry_of(page, index);
	u64 pte = read_word(entry);

	if (!FIELD_GET(FAULTLINE_DUAL_PDE_IS_PTE, pte))
		return;
	if (!leaf_is_vram(pte))
		page->unmap[index] = zapped_dma(pte);
	write_word(entry, 0);
	range->directory = true;
	zapped(table, range, page->base + index * level_span(page->level),
	       FAULTLINE_HUGE_SIZE);
}

static void zap_level(struct faultline_table *table,
		      struct faultline_table_page *page, u64 start, u64 last,
		      struct faultline_tlb_range *range)
{
	u64 span = level_span(page->level);
	u32 end = level_index(page->level, last);
	u64 base;
	u32 i;

	for (i = level_index(page->level, start); i <= end; i++) {
		base = page->base + i * span;
		if (page->level == FAULTLINE_LEVEL_PDE0)
			zap_huge(table, page, i, range);
		if (!page->children[i])
			continue;
		if (page->level == FAULTLINE_LEVEL_PDE0)
			zap_leaves(table, page->children[i], max(start, base),
				   min(last, base + span - 1), range);
		else
			zap_level(table, page->children[i], max(start, base),
				  min(last, base + span - 1), range);
	}
}

/**
 * faultline_table_zap - make all entries of a range invalid
 * @table: the tables
 * @start: first byte
 * @last: last byte; what lies beyond the device's addresses is ignored
 * @range: out: what the TLBs must forget; a 2 MiB page is zapped as a whole
 *
 * Return: 4 KiB pages zapped; 0: the device had nothing there.
 */
u64 faultline_table_zap(struct faultline_table *table, u64 start, u64 last,
			struct faultline_tlb_range *range)
{
	u64 limit = GENMASK_ULL(FAULTLINE_VA_BITS - 1, 0);
	u64 before = table->mapped;

	*range = (struct faultline_tlb_range){ .start = U64_MAX };
	if (!before || start > limit)
		return 0;
	zap_level(table, table->root, start, min(last, limit), range);
	return before - table->mapped;
}

static void unmap_leaves(struct device *dev, struct faultline_table_page *page)
{
	__le64 *entry;
	u64 pte;
	u32 i;

	for (i = 0; i < level_entries(page->level); i++) {
		entry = entry_of(page, i);
		pte = read_word(entry);
		if (!pte || FIELD_GET(FAULTLINE_PTE_VALID, pte))
			continue;
		dma_unmap_page(dev, zapped_dma(pte), PAGE_SIZE,
			       DMA_BIDIRECTIONAL);
		write_word(entry, 0);
	}
}

static void unmap_level(struct device *dev, struct faultline_table_page *page,
			const struct faultline_tlb_range *range)
{
	u64 span = level_span(page->level);
	u32 first = 0, end = level_entries(page->level) - 1;
	u32 i;

	if (range->start > page->base)
		first = level_index(page->level, range->start);
	if (range->last < page->base + (end + 1) * span - 1)
		end = level_index(page->level, range->last);
	for (i = first; i <= end; i++) {
		if (page->level == FAULTLINE_LEVEL_PDE0 && page->unmap[i]) {
			dma_unmap_page(dev, page->unmap[i], FAULTLINE_HUGE_SIZE,
				       DMA_BIDIRECTIONAL);
			page->unmap[i] = 0;
		}
		if (!page->children[i])
			continue;
		if (page->level == FAULTLINE_LEVEL_PDE0)
			unmap_leaves(dev, page->children[i]);
		else
			unmap_level(dev, page->children[i], range);
	}
}

/* After the TLB invalidate of what faultline_table_zap() returned. */
void faultline_table_unmap_zapped(struct faultline_table *table,
				  const struct faultline_tlb_range *range)
{
	unmap_level(table->dev, table->root, range);
}

/* Every valid leaf, in no order. */
void faultline_table_visit_leaves(struct faultline_table *table,
				  faultline_leaf_fn fn, void *arg)
{
	struct faultline_table_page *page;
	struct faultline_leaf leaf;
	u32 i;

	for (page = table->pages; page; page = page->next) {
		if (page->level > FAULTLINE_LEVEL_PDE0)
			continue;
		for (i = 0; i < level_entries(page->level); i++) {
			leaf.va = page->base + i * level_span(page->level);
			leaf.pte = read_word(entry_of(page, i));
			leaf.shift = shapes[page->level].shift;
			if (FIELD_GET(FAULTLINE_PTE_VALID, leaf.pte))
				fn(&leaf, arg);
		}
	}
}
