// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The steps that every migration takes. */
#include <linux/dma-mapping.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "faultline_device.h"
#include "faultline_migration.h"
#include "faultline_mistake.h"
#include "faultline_note.h"
#include "faultline_vram.h"

/**
 * DOC: Migration
 *
 * All migrations take the same steps. The kernel collects pages, locks them and
 * takes them out of every page table, which invalidates the device's entries
 * through the notifiers like any other change: no event is filtered. For each
 * page that may move, memory is allocated on the other side. The copy engine
 * moves the content, or writes zeroes for a page that the process never touched.
 * Then the kernel is told which pages have a new place, and puts the new places
 * into the page tables.
 *
 * What has no destination, or is in use, stays where it is: every migration may
 * be partial.
 *
 * A large folio moves as a whole. When there is no large one on the other side,
 * small pages take its place and the kernel splits it, but either all or none:
 * for memory that was never touched the kernel expects a destination for each
 * page. An eviction has no mapping through which the kernel could split, so there
 * a large folio needs a large one.
 *
 * Room is made before pages are locked, and nothing is evicted while they are.
 * The device's entries are not written here. After a migration to the device its
 * new pages are mapped in the ordinary way, by asking for the state of the
 * process's page tables.
 *
 * Who migrates: a process that asks for it and the policies of faults
 * (faultline_migrate.c), with the mmap lock held for a region of 2 MiB at a time; a
 * CPU that touches device memory (faultline_migrate_to_ram()), with the mmap lock,
 * and the folio locked, by its caller; an eviction (faultline_evict.c), by page
 * frames and with neither, as it may be any process's memory.
 *
 * From the collection to the end all folios that move are locked, old and new. In
 * between, memory is allocated, and the copy is waited for. It needs the device
 * and @copy_lock, whose holder waits for the device only, so a folio is not
 * locked for longer than copies take. If one fails, all stays in its old place,
 * and a CPU's access ends with SIGBUS.
 *
 * A migration is within faultline_device_enter(), or done by who stops the device
 * or keeps it from being stopped, so that the registers stay. Whether there still is a
 * channel, @copy_lock says. Before everything is evicted, the allocation of device
 * memory ends (faultline_vram_stop()), so the eviction ends, too.
 */

void faultline_migration_fini(struct faultline_migration *migration)
{
	kvfree(migration->src);
	kvfree(migration->dst);
	kvfree(migration->dma);
	kvfree(migration->copies);
}

int faultline_migration_init(struct faultline_migration *migration,
			     struct faultline_device *fdev,
			     enum faultline_direction direction, u32 pages)
{
	*migration = (struct faultline_migration){
		.fdev = fdev,
		.direction = direction,
		.pages = pages,
		.src = kvcalloc(pages, sizeof(*migration->src), GFP_KERNEL),
		.dst = kvcalloc(pages, sizeof(*migration->dst), GFP_KERNEL),
		.dma = kvcalloc(pages, sizeof(*migration->dma), GFP_KERNEL),
		.copies = kvcalloc(pages, sizeof(*migration->copies), GFP_KERNEL),
	};
	if (migration->src && migration->dst && migration->dma &&
	    migration->copies)
		return 0;
	faultline_migration_fini(migration);
	return -ENOMEM;
}

/* Pages that entry @i of @pfns stands for. */
static u32 entry_pages(const unsigned long *pfns, u32 i)
{
	return pfns[i] & MIGRATE_PFN_COMPOUND ? FAULTLINE_VRAM_BLOCK_PAGES : 1;
}

static bool is_failure_injected(struct faultline_migration *migration, u32 i)
{
	if (faultline_mistake(SHORT_OF_RAM) &&
	    migration->direction == FAULTLINE_TO_SYSTEM && i % 2)
		return true;
	if (!migration->fail_alloc || !*migration->fail_alloc)
		return false;
	*migration->fail_alloc = false;
	return true;
}

static struct folio *alloc_system(struct faultline_migration *migration, u32 i,
				  unsigned int order)
{
	gfp_t gfp = GFP_HIGHUSER_MOVABLE | (order ? __GFP_NOWARN : 0);
	struct migrate_vma *vma = migration->vma;
	struct folio *folio;

	if (vma)
		folio = vma_alloc_folio(gfp, order, vma->vma,
					vma->start + ((u64)i << PAGE_SHIFT));
	else
		folio = folio_alloc(gfp, order);
	if (folio)
		folio_lock(folio);
	return folio;
}

/* A locked folio on the other side for page @i, or NULL. */
static struct folio *alloc_one(struct faultline_migration *migration, u32 i,
			       unsigned int order)
{
	if (migration->direction == FAULTLINE_TO_DEVICE)
		return faultline_vram_alloc(migration->fdev, order);
	return alloc_system(migration, i, order);
}

static void drop_one(struct faultline_migration *migration, u32 i)
{
	struct page *page = migrate_pfn_to_page(migration->dst[i]);

	migration->dst[i] = 0;
	if (!page)
		return;
	folio_unlock(page_folio(page));
	folio_put(page_folio(page));
}

/* Small pages in the place of a large folio: all or none. */
static void alloc_instead(struct faultline_migration *migration, u32 i)
{
	struct folio *folio;
	u32 n;

	for (n = 0; n < FAULTLINE_VRAM_BLOCK_PAGES; n++) {
		folio = alloc_one(migration, i + n, 0);
		if (!folio)
			break;
		migration->dst[i + n] = migrate_pfn(folio_pfn(folio));
	}
	if (n == FAULTLINE_VRAM_BLOCK_PAGES)
		return;
	while (n--)
		drop_one(migration, i + n);
}

static void alloc_entry(struct faultline_migration *migration, u32 i)
{
	bool large = migration->src[i] & MIGRATE_PFN_COMPOUND;
	struct folio *folio = NULL;

	if (!is_failure_injected(migration, i))
		folio = alloc_one(migration, i,
				  large ? FAULTLINE_VRAM_BLOCK_ORDER : 0);
	if (folio)
		migration->dst[i] = migrate_pfn(folio_pfn(folio)) |
				    (large ? MIGRATE_PFN_COMPOUND : 0);
	else if (large && migration->vma)
		alloc_instead(migration, i);
}

/*
 * Whether the kernel lets entry @i move. A page that is not there may be made in
 * device memory, but then there is nothing to move back.
 */
static bool may_move(const struct faultline_migration *migration, u32 i)
{
	return migration->src[i] & MIGRATE_PFN_MIGRATE &&
	       (migration->direction == FAULTLINE_TO_DEVICE ||
		migration->src[i] & MIGRATE_PFN_VALID);
}

static void alloc_destinations(struct faultline_migration *migration)
{
	u32 i;

	for (i = 0; i < migration->pages; i += entry_pages(migration->src, i))
		if (may_move(migration, i))
			alloc_entry(migration, i);
}

static void drop_destinations(struct faultline_migration *migration)
{
	u32 i;

	for (i = 0; i < migration->pages; i++)
		drop_one(migration, i);
}

/* The page behind page @n of the source entry @i, NULL if there is none. */
static struct page *source_page(const struct faultline_migration *migration, u32 i, u32 n)
{
	struct page *page = migrate_pfn_to_page(migration->src[i]);

	return page ? page + n : NULL;
}

/* One copy, of @pages at destination entry @i; @source: where from. */
static int add_copy(struct faultline_migration *migration, u32 i, struct page *source,
		    u32 pages)
{
	bool to_device = migration->direction == FAULTLINE_TO_DEVICE;
	struct page *destination = migrate_pfn_to_page(migration->dst[i]);
	struct page *system = to_device ? source : destination;
	struct faultline_copy copy = {
		.kind = to_device ? FAULTLINE_COPY_TO_DEVICE :
				    FAULTLINE_COPY_TO_SYSTEM,
		.vram = faultline_vram_address(to_device ? destination : source),
		.bytes = (u64)pages << PAGE_SHIFT,
	};
	struct device *dev = migration->fdev->dev;

	if (!system) {
		copy.kind = FAULTLINE_COPY_ZERO;
	} else {
		copy.system = dma_map_page(dev, system, 0, copy.bytes,
					   to_device ? DMA_TO_DEVICE :
						       DMA_FROM_DEVICE);
		if (dma_mapping_error(dev, copy.system))
			return -EIO;
		migration->dma[i] = copy.system;
	}
	faultline_copy_append(migration->copies, &migration->copy_count, &copy);
	return 0;
}

/* Copies for source entry @i; its destinations may be smaller than it. */
static int add_copies(struct faultline_migration *migration, u32 i)
{
	u32 pages = entry_pages(migration->src, i);
	u32 n, step;
	int ret;

	for (n = 0; n < pages; n += step) {
		step = entry_pages(migration->dst, i + n);
		if (!migration->dst[i + n])
			continue;
		ret = add_copy(migration, i + n, source_page(migration, i, n),
			       step);
		if (ret)
			return ret;
	}
	return 0;
}

static void unmap_for_copy(struct faultline_migration *migration)
{
	enum dma_data_direction direction = migration->direction == FAULTLINE_TO_DEVICE ?
						    DMA_TO_DEVICE :
						    DMA_FROM_DEVICE;
	u32 i;

	for (i = 0; i < migration->pages; i++)
		if (migration->dma[i])
			dma_unmap_page(migration->fdev->dev, migration->dma[i],
				       (size_t)entry_pages(migration->dst, i)
					       << PAGE_SHIFT,
				       direction);
	memset(migration->dma, 0, migration->pages * sizeof(*migration->dma));
}

/* The kernel has taken what it collected out of all page tables. */
static void note_sources(struct faultline_migration *migration)
{
	struct page *page;
	u32 i;

	for (i = 0; i < migration->pages; i += entry_pages(migration->src, i)) {
		page = migrate_pfn_to_page(migration->src[i]);
		if (page && may_move(migration, i))
			faultline_note_unmapped(migration->fdev, page,
						entry_pages(migration->src, i));
	}
}

static int copy_content(struct faultline_migration *migration)
{
	int ret = 0;
	u32 i;

	migration->copy_count = 0;
	for (i = 0; !ret && i < migration->pages;
	     i += entry_pages(migration->src, i))
		if (may_move(migration, i))
			ret = add_copies(migration, i);
	if (!ret && migration->copy_count)
		ret = faultline_copy_run(migration->fdev, migration->copies,
					 migration->copy_count);
	unmap_for_copy(migration);
	return ret;
}

/* Between collecting and telling: new places with the content of the old. */
static int move_content(struct faultline_migration *migration)
{
	int ret;

	memset(migration->dst, 0, migration->pages * sizeof(*migration->dst));
	note_sources(migration);
	alloc_destinations(migration);
	ret = copy_content(migration);
	if (ret)
		drop_destinations(migration);
	return ret;
}

/* After telling: what has moved, of what the kernel let move. */
static u32 count_moved(const struct faultline_migration *migration)
{
	u32 i, moved = 0;

	for (i = 0; i < migration->pages; i++)
		if (may_move(migration, i) && migration->dst[i])
			moved += entry_pages(migration->dst, i);
	return moved;
}

/* A page that had to move but has no destination, or was refused by the kernel. */
static bool is_any_left(const struct faultline_migration *migration)
{
	u32 i;

	for (i = 0; i < migration->pages; i += entry_pages(migration->src, i))
		if (may_move(migration, i) && !migration->dst[i])
			return true;
	return false;
}

/**
 * faultline_migration_move_vma - through a mapping
 * @migration: the migration
 * @vma: the range and what to select of it; its mmap lock is held
 * @moved: out: 4 KiB pages that have moved
 *
 * Return: 0; -EINVAL: such a mapping has no pages that move; -ENOMEM: not all
 * that should come back has; -EIO, -ENODEV: the engine did not copy, nothing has
 * moved.
 */
int faultline_migration_move_vma(struct faultline_migration *migration,
				 struct migrate_vma *vma, u32 *moved)
{
	int ret;

	mmap_assert_locked(vma->vma->vm_mm);
	*moved = 0;
	migration->vma = vma;
	vma->src = migration->src;
	vma->dst = migration->dst;
	vma->pgmap_owner = migration->fdev;
	ret = migrate_vma_setup(vma);
	if (ret)
		return ret;
	migration->pages = vma->npages;
	if (vma->cpages)
		ret = move_content(migration);
	if (!ret && migration->direction == FAULTLINE_TO_SYSTEM && is_any_left(migration))
		ret = -ENOMEM;
	migrate_vma_pages(vma);
	*moved = count_moved(migration);
	migrate_vma_finalize(vma);
	return ret;
}

/**
 * faultline_migration_move_pfns - by page frames, wherever they are mapped
 * @migration: to system memory; @src holds @pages page frames of the device
 *
 * Return: 4 KiB pages that have moved.
 */
u32 faultline_migration_move_pfns(struct faultline_migration *migration)
{
	u32 moved;

	might_sleep();
	migration->vma = NULL;
	migrate_device_pfns(migration->src, migration->pages);
	move_content(migration);
	migrate_device_pages(migration->src, migration->dst, migration->pages);
	moved = count_moved(migration);
	migrate_device_finalize(migration->src, migration->dst,
				migration->pages);
	return moved;
}
