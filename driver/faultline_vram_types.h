/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Device memory as pages of the kernel. */
#ifndef _FAULTLINE_VRAM_TYPES_H_
#define _FAULTLINE_VRAM_TYPES_H_

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/memremap.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct faultline_device;

#define FAULTLINE_VRAM_BLOCK_BYTES	SZ_2M
#define FAULTLINE_VRAM_BLOCK_PAGES	(FAULTLINE_VRAM_BLOCK_BYTES >> PAGE_SHIFT)
#define FAULTLINE_VRAM_BLOCK_ORDER	(21 - PAGE_SHIFT)

/**
 * struct faultline_vram_block - 2 MiB: one large folio, or pages of 4 KiB
 */
struct faultline_vram_block {
	/** @room: in &faultline_vram.free or &faultline_vram.partial, or nowhere */
	struct list_head room;
	/** @age: in &faultline_vram.by_age if @used */
	struct list_head age;
	/** @used: bits set in @pages */
	u32 used;
	/** @pages: pages that are not free */
	DECLARE_BITMAP(pages, FAULTLINE_VRAM_BLOCK_PAGES);
};

/**
 * struct faultline_vram_map - the struct pages of device memory
 *
 * Page i of @pagemap is at byte i * PAGE_SIZE of device memory, so neither needs
 * to remember the other.
 */
struct faultline_vram_map {
	/** @pagemap: the kernel's part; its owner is the device */
	struct dev_pagemap pagemap;
	/** @resource: physical addresses that nothing answers to */
	struct resource *resource;
	/** @first_pfn: of byte 0 */
	unsigned long first_pfn;
	/** @block_count: size of @blocks */
	u32 block_count;
	/** @blocks: all of device memory */
	struct faultline_vram_block blocks[] __counted_by(block_count);
};

/**
 * struct faultline_vram - device memory of one device
 */
struct faultline_vram {
	/** @map_lock: one at a time makes @map or takes it down; may allocate */
	struct mutex map_lock;
	/**
	 * @lock: protects what follows, down to @used_pages, and the blocks of
	 * @map; folios are freed in any context, so interrupts are off under it
	 */
	spinlock_t lock;
	/**
	 * @map: made when it is needed first; NULL: there is none. Changed under
	 * @map_lock, too; stays while a page of it is in use
	 */
	struct faultline_vram_map *map;
	/**
	 * @closed: how many want it so that nothing is allocated and no @map
	 * is made; the stopped device is one of them. Changed under @map_lock,
	 * too
	 */
	u32 closed;
	/** @free: blocks without a page in use */
	struct list_head free;
	/** @partial: blocks with pages of 4 KiB in use and some free */
	struct list_head partial;
	/** @by_age: blocks in use, the one used least recently first */
	struct list_head by_age;
	/** @free_pages: all free pages, those of @free and those of @partial */
	u64 free_pages;
	/** @used_pages: all others; who waits for 0 looks without @lock */
	u64 used_pages;
	/** @idle: waits for @used_pages to become 0 */
	wait_queue_head_t idle;
	/**
	 * @lost: content went with the device, and its pages are still there;
	 * changed under @map_lock, looked at without it, too
	 */
	bool lost;
	/** @abandoned: takes the pages down when the last of a lost device is freed */
	struct work_struct abandoned;
};

#endif /* _FAULTLINE_VRAM_TYPES_H_ */
