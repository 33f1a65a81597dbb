// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Device memory as device-private pages: allocator, age, and the map that makes them pages. */
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "faultline_compat.h"
#include "faultline_device.h"
#include "faultline_migrate.h"
#include "faultline_vram.h"

/**
 * DOC: Device memory
 *
 * Video memory belongs to processes: a page of it stands in for a page of RAM,
 * found by its struct page like any other (MEMORY_DEVICE_PRIVATE). The CPU
 * cannot reach it that way; when it tries, the page moves back.
 *
 * Memory is handed out from blocks of 2 MiB. A block is either one large folio
 * or pages of 4 KiB, and nobody has to remember which: a bit per page says what
 * is in use, a large folio has all of them, and when the kernel splits it, its
 * pages come back one by one. A block whose last page came back may become
 * either again, so one kind never starves the other.
 *
 * Blocks in use are kept in the order of their latest use: when a page is
 * allocated or mapped for the device after a fault. The one that comes first is
 * evicted first.
 *
 * The struct pages are made when the first page is asked for, and taken down,
 * after all pages have moved back, when the device goes, is reset, or somebody
 * asks for it.
 */

static struct faultline_vram_map *map_of(const struct page *page)
{
	return container_of(page_pgmap(page), struct faultline_vram_map, pagemap);
}

/* The device whose memory a device-private page of this driver is. */
struct faultline_device *faultline_vram_device(const struct page *page)
{
	return page_pgmap(page)->owner;
}

static u32 page_number(const struct faultline_vram_map *map,
		       const struct page *page)
{
	return page_to_pfn(page) - map->first_pfn;
}

/* Where a page is in device memory. */
u64 faultline_vram_address(const struct page *page)
{
	return (u64)page_number(map_of(page), page) << PAGE_SHIFT;
}

static struct faultline_vram_block *block_of(struct faultline_vram_map *map,
					     u32 number)
{
	return &map->blocks[number / FAULTLINE_VRAM_BLOCK_PAGES];
}

/* A page is in use: its block is the youngest. */
void faultline_vram_touch(const struct page *page)
{
	struct faultline_vram_map *map = map_of(page);
	struct faultline_vram *vram = &faultline_vram_device(page)->vram;
	struct faultline_vram_block *block = block_of(map, page_number(map, page));
	unsigned long flags;

	spin_lock_irqsave(&vram->lock, flags);
	if (block->used)
		list_move_tail(&block->age, &vram->by_age);
	spin_unlock_irqrestore(&vram->lock, flags);
}

static void take(struct faultline_vram *vram, struct faultline_vram_block *block,
		 u32 first, u32 count)
{
	lockdep_assert_held(&vram->lock);
	bitmap_set(block->pages, first, count);
	block->used += count;
	vram->free_pages -= count;
	vram->used_pages += count;
	list_move_tail(&block->age, &vram->by_age);
	if (block->used == FAULTLINE_VRAM_BLOCK_PAGES)
		list_del_init(&block->room);
	else
		list_move(&block->room, &vram->partial);
}

static void give_back(struct faultline_vram *vram,
		      struct faultline_vram_block *block, u32 first, u32 count)
{
	lockdep_assert_held(&vram->lock);
	bitmap_clear(block->pages, first, count);
	block->used -= count;
	vram->free_pages += count;
	vram->used_pages -= count;
	if (block->used) {
		list_move(&block->room, &vram->partial);
		return;
	}
	list_move(&block->room, &vram->free);
	list_del_init(&block->age);
	if (!vram->used_pages)
		wake_up_all(&vram->idle);
}

/* A block that has what is asked for, rather one that is in use already. */
static struct faultline_vram_block *find_block(struct faultline_vram *vram,
					       unsigned int order)
{
	lockdep_assert_held(&vram->lock);
	if (!order && !list_empty(&vram->partial))
		return list_first_entry(&vram->partial,
					struct faultline_vram_block, room);
	return list_first_entry_or_null(&vram->free,
					struct faultline_vram_block, room);
}

/**
 * faultline_vram_alloc - get device memory
 * @fdev: the device
 * @order: 0 or FAULTLINE_VRAM_BLOCK_ORDER
 *
 * Never waits and never evicts: it is called with pages locked.
 *
 * Return: the folio, locked, with one reference and undefined content; NULL
 * when there is no room.
 */
struct folio *faultline_vram_alloc(struct faultline_device *fdev,
				   unsigned int order)
{
	struct faultline_vram *vram = &fdev->vram;
	struct faultline_vram_block *block;
	struct faultline_vram_map *map;
	struct folio *folio;
	u32 first = 0;

	spin_lock_irq(&vram->lock);
	map = vram->map;
	block = map && !vram->closed ? find_block(vram, order) : NULL;
	if (!block) {
		spin_unlock_irq(&vram->lock);
		return NULL;
	}
	if (!order)
		first = find_first_zero_bit(block->pages,
					    FAULTLINE_VRAM_BLOCK_PAGES);
	take(vram, block, first, 1u << order);
	spin_unlock_irq(&vram->lock);

	first += (block - map->blocks) * FAULTLINE_VRAM_BLOCK_PAGES;
	folio = (struct folio *)pfn_to_page(map->first_pfn + first);
	zone_device_folio_init(folio, &map->pagemap, order);
	return folio;
}

/* The kernel needs a folio no more. */
static void free_folio(struct folio *folio)
{
	struct page *page = folio_page(folio, 0);
	struct faultline_vram_map *map = map_of(page);
	struct faultline_vram *vram = &faultline_vram_device(page)->vram;
	u32 number = page_number(map, page);
	unsigned long flags;

	spin_lock_irqsave(&vram->lock, flags);
	give_back(vram, block_of(map, number),
		  number % FAULTLINE_VRAM_BLOCK_PAGES, folio_nr_pages(folio));
	spin_unlock_irqrestore(&vram->lock, flags);
}

/*
 * The kernel splits a large folio. Where a page is follows from its number, so
 * there is nothing of ours to hand on. @tail: one of the new folios; NULL, at
 * the end, for the head itself.
 */
static void note_split(struct folio *head, struct folio *tail)
{
	if (!tail) {
		faultline_device_count(faultline_vram_device(folio_page(head, 0)),
				       FAULTLINE_COUNT_SPLITS, 1);
		return;
	}
	tail->pgmap = head->pgmap;
	tail->mapping = head->mapping;
}

static const struct dev_pagemap_ops pagemap_ops = {
	.folio_free = free_folio,
	.migrate_to_ram = faultline_migrate_to_ram,
	.folio_split = note_split,
};

static void set_lost(struct faultline_vram *vram, bool lost)
{
	mutex_lock(&vram->map_lock);
	WRITE_ONCE(vram->lost, lost);
	mutex_unlock(&vram->map_lock);
}

/* From then on the device may have memory again, if it works. */
static void wait_for_the_last(struct faultline_device *fdev)
{
	wait_event_idle(fdev->vram.idle, faultline_vram_is_idle(fdev));
	faultline_vram_unmap(fdev);
	set_lost(&fdev->vram, false);
	faultline_vram_start(fdev);
}

static void unmap_abandoned(struct work_struct *work)
{
	struct faultline_device *fdev =
		container_of(work, struct faultline_device, vram.abandoned);

	wait_for_the_last(fdev);
	faultline_device_put(fdev);
	module_put(THIS_MODULE);
}

void faultline_vram_init(struct faultline_device *fdev)
{
	struct faultline_vram *vram = &fdev->vram;

	mutex_init(&vram->map_lock);
	spin_lock_init(&vram->lock);
	INIT_LIST_HEAD(&vram->free);
	INIT_LIST_HEAD(&vram->partial);
	INIT_LIST_HEAD(&vram->by_age);
	init_waitqueue_head(&vram->idle);
	INIT_WORK(&vram->abandoned, unmap_abandoned);
	vram->closed = 1;
}

static int make_pages(struct faultline_device *fdev,
		      struct faultline_vram_map *map)
{
	u64 bytes = (u64)map->block_count * FAULTLINE_VRAM_BLOCK_BYTES;
	void *ret;

	map->resource = request_free_mem_region(&iomem_resource, bytes,
						fdev->name);
	if (IS_ERR(map->resource))
		return PTR_ERR(map->resource);
	map->pagemap.type = MEMORY_DEVICE_PRIVATE;
	map->pagemap.range.start = map->resource->start;
	map->pagemap.range.end = map->resource->start + bytes - 1;
	map->pagemap.nr_range = 1;
	map->pagemap.ops = &pagemap_ops;
	map->pagemap.owner = fdev;
	ret = memremap_pages(&map->pagemap, dev_to_node(fdev->dev));
	if (IS_ERR(ret)) {
		release_mem_region(map->resource->start,
				   resource_size(map->resource));
		return PTR_ERR(ret);
	}
	map->first_pfn = PHYS_PFN(map->resource->start);
	return 0;
}

static struct faultline_vram_map *map_create(struct faultline_device *fdev)
{
	u32 count = fdev->vram_bytes / FAULTLINE_VRAM_BLOCK_BYTES;
	struct faultline_vram_map *map;
	int ret;
	u32 i;

	lockdep_assert_held(&fdev->vram.map_lock);
	if (!count)
		return ERR_PTR(-ENODEV);
	map = kvzalloc(struct_size(map, blocks, count), GFP_KERNEL);
	if (!map)
		return ERR_PTR(-ENOMEM);
	map->block_count = count;
	for (i = 0; i < count; i++) {
		INIT_LIST_HEAD(&map->blocks[i].room);
		INIT_LIST_HEAD(&map->blocks[i].age);
	}
	ret = make_pages(fdev, map);
	if (ret) {
		kvfree(map);
		return ERR_PTR(ret);
	}
	return map;
}

static void use_map(struct faultline_vram *vram, struct faultline_vram_map *map)
{
	u32 i;

	lockdep_assert_held(&vram->map_lock);
	spin_lock_irq(&vram->lock);
	for (i = 0; i < map->block_count; i++)
		list_add_tail(&map->blocks[i].room, &vram->free);
	vram->free_pages = (u64)map->block_count * FAULTLINE_VRAM_BLOCK_PAGES;
	vram->map = map;
	spin_unlock_irq(&vram->lock);
}

/**
 * faultline_vram_open - have struct pages of device memory
 * @fdev: the device
 *
 * Return: 0; -ENODEV when the device is stopped, or why they cannot be made.
 */
int faultline_vram_open(struct faultline_device *fdev)
{
	struct faultline_vram *vram = &fdev->vram;
	struct faultline_vram_map *map;
	int ret = 0;

	if (READ_ONCE(vram->map))
		return 0;
	mutex_lock(&vram->map_lock);
	if (vram->closed) {
		ret = -ENODEV;
	} else if (!vram->map) {
		map = map_create(fdev);
		if (IS_ERR(map))
			ret = PTR_ERR(map);
		else
			use_map(vram, map);
	}
	mutex_unlock(&vram->map_lock);
	return ret;
}

/* Could a region of so many pages be allocated now? */
bool faultline_vram_has_room(struct faultline_device *fdev, u32 pages)
{
	struct faultline_vram *vram = &fdev->vram;
	bool room;

	spin_lock_irq(&vram->lock);
	if (pages == FAULTLINE_VRAM_BLOCK_PAGES)
		room = !list_empty(&vram->free);
	else
		room = vram->free_pages >= pages;
	spin_unlock_irq(&vram->lock);
	return room;
}

/**
 * faultline_vram_oldest - the pages to be evicted next
 * @fdev: the device
 * @pfns: out: page frames in use of one block, FAULTLINE_VRAM_BLOCK_PAGES of
 *	room; a large folio is there with all its pages
 *
 * The block becomes the youngest, so that another is looked at next time if this
 * one cannot be evicted.
 *
 * Return: how many; 0: none is in use.
 */
u32 faultline_vram_oldest(struct faultline_device *fdev, unsigned long *pfns)
{
	struct faultline_vram *vram = &fdev->vram;
	struct faultline_vram_block *block;
	unsigned long first;
	u32 count = 0, i;

	spin_lock_irq(&vram->lock);
	block = list_first_entry_or_null(&vram->by_age,
					 struct faultline_vram_block, age);
	if (block) {
		list_move_tail(&block->age, &vram->by_age);
		first = vram->map->first_pfn +
			(block - vram->map->blocks) * FAULTLINE_VRAM_BLOCK_PAGES;
		for_each_set_bit(i, block->pages, FAULTLINE_VRAM_BLOCK_PAGES)
			pfns[count++] = first + i;
	}
	spin_unlock_irq(&vram->lock);
	return count;
}

/* Nothing is allocated from here on. What is in use is to be evicted. */
void faultline_vram_stop(struct faultline_device *fdev)
{
	struct faultline_vram *vram = &fdev->vram;

	mutex_lock(&vram->map_lock);
	spin_lock_irq(&vram->lock);
	vram->closed++;
	spin_unlock_irq(&vram->lock);
	mutex_unlock(&vram->map_lock);
}

/* Takes one faultline_vram_stop() back, or ends what faultline_vram_init() began. */
void faultline_vram_start(struct faultline_device *fdev)
{
	struct faultline_vram *vram = &fdev->vram;

	mutex_lock(&vram->map_lock);
	spin_lock_irq(&vram->lock);
	vram->closed--;
	spin_unlock_irq(&vram->lock);
	mutex_unlock(&vram->map_lock);
}

/* Take the struct pages down: stopped, and no page is in use. */
void faultline_vram_unmap(struct faultline_device *fdev)
{
	struct faultline_vram *vram = &fdev->vram;
	struct faultline_vram_map *map;

	mutex_lock(&vram->map_lock);
	spin_lock_irq(&vram->lock);
	WARN_ON_ONCE(!vram->closed || vram->used_pages);
	map = vram->map;
	vram->map = NULL;
	vram->free_pages = 0;
	INIT_LIST_HEAD(&vram->free);
	INIT_LIST_HEAD(&vram->partial);
	spin_unlock_irq(&vram->lock);
	mutex_unlock(&vram->map_lock);
	if (!map)
		return;
	memunmap_pages(&map->pagemap);
	release_mem_region(map->resource->start, resource_size(map->resource));
	kvfree(map);
}

bool faultline_vram_is_idle(struct faultline_device *fdev)
{
	return !READ_ONCE(fdev->vram.used_pages);
}

/*
 * The device has gone with what was in its memory. Its pages remain in page
 * tables, and with them our functions that the kernel calls for them. A removal
 * of the module that has begun cannot be refused any more, so it waits. Until the
 * last page is given up, no memory of the device is handed out. That it is lost may
 * be noticed more than once.
 */
void faultline_vram_abandon(struct faultline_device *fdev)
{
	if (READ_ONCE(fdev->vram.lost))
		return;
	dev_err(fdev->dev, "%llu KiB of processes' memory are lost with the device\n",
		READ_ONCE(fdev->vram.used_pages) << (PAGE_SHIFT - 10));
	faultline_vram_stop(fdev);
	set_lost(&fdev->vram, true);
	if (!try_module_get(THIS_MODULE)) {
		wait_for_the_last(fdev);
		return;
	}
	faultline_device_get(fdev);
	queue_work(system_dfl_wq, &fdev->vram.abandoned);
}
