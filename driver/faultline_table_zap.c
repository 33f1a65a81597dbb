// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Taking entries out of the page tables. */
#include <linux/dma-mapping.h>
#include <linux/mutex.h>

#include "faultline_compat.h"
#include "faultline_table_entry.h"

/**
 * DOC: Zapping in two steps
 *
 * An entry that is taken away must not be reused by anybody before the device
 * has forgotten it. faultline_table_zap() therefore only makes entries invalid
 * and remembers what they mapped; after the TLB invalidate
 * faultline_table_unmap_zapped() gives the DMA mappings back. A zapped PTE
 * keeps its address, since the walk ignores all of an invalid PTE but VOL, and
 * PRIVILEGE in one of 64 KiB. A zapped 2 MiB entry cannot: its low word would
 * read as a dual entry. Its address moves to &faultline_table_page.unmap. Device
 * memory is not mapped for DMA, so nothing of it is kept.
 *
 * A 2 MiB entry is the low word of PDE0, which is a PTE when bit 0 says so.
 */

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
		       level_span(page->level));
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
	write_word(entry, page->big[index] ? big_entry(page->big[index]) : 0);
	range->directory = true;
	zapped(table, range, page->base + index * level_span(page->level),
	       FAULTLINE_HUGE_SIZE);
}

/* What an entry of PDE0 covers. */
static void zap_region(struct faultline_table *table,
		       struct faultline_table_page *pde0, u32 index, u64 start,
		       u64 last, struct faultline_tlb_range *range)
{
	zap_huge(table, pde0, index, range);
	if (pde0->big[index])
		zap_leaves(table, pde0->big[index], start, last, range);
	if (pde0->children[index])
		zap_leaves(table, pde0->children[index], start, last, range);
}

static void zap_level(struct faultline_table *table,
		      struct faultline_table_page *page, u64 start, u64 last,
		      struct faultline_tlb_range *range)
{
	u64 span = level_span(page->level);
	u32 end = level_index(page->level, last);
	u64 base, from, to;
	u32 i;

	for (i = level_index(page->level, start); i <= end; i++) {
		base = page->base + i * span;
		from = max(start, base);
		to = min(last, base + span - 1);
		if (page->level == FAULTLINE_LEVEL_PDE0)
			zap_region(table, page, i, from, to, range);
		else if (page->children[i])
			zap_level(table, page->children[i], from, to, range);
	}
}

/**
 * faultline_table_zap - make all entries of a range invalid
 * @table: the tables
 * @start: first byte
 * @last: last byte; what lies beyond the device's addresses is ignored
 * @range: out: what the TLBs must forget; a larger page is zapped as a whole
 *
 * Return: 4 KiB pages zapped; 0: the device had nothing there.
 */
u64 faultline_table_zap(struct faultline_table *table, u64 start, u64 last,
			struct faultline_tlb_range *range)
{
	u64 limit = GENMASK_ULL(FAULTLINE_VA_BITS - 1, 0);
	u64 before = table->mapped;

	lockdep_assert_held(table->lock);
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
		dma_unmap_page_attrs(dev, zapped_dma(pte),
				     level_span(page->level), DMA_BIDIRECTIONAL,
				     DMA_ATTR_REQUIRE_COHERENT);
		write_word(entry, 0);
	}
}

static void unmap_region(struct device *dev, struct faultline_table_page *pde0,
			 u32 index)
{
	if (pde0->unmap[index])
		dma_unmap_page_attrs(dev, pde0->unmap[index],
				     FAULTLINE_HUGE_SIZE, DMA_BIDIRECTIONAL,
				     DMA_ATTR_REQUIRE_COHERENT);
	pde0->unmap[index] = 0;
	if (pde0->big[index])
		unmap_leaves(dev, pde0->big[index]);
	if (pde0->children[index])
		unmap_leaves(dev, pde0->children[index]);
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
		if (page->level == FAULTLINE_LEVEL_PDE0)
			unmap_region(dev, page, i);
		else if (page->children[i])
			unmap_level(dev, page->children[i], range);
	}
}

/* After the TLB invalidate of what faultline_table_zap() returned. */
void faultline_table_unmap_zapped(struct faultline_table *table,
				  const struct faultline_tlb_range *range)
{
	lockdep_assert_held(table->lock);
	unmap_level(table->dev, table->root, range);
}
