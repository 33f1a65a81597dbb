// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Eviction from device memory: for room, and of everything. */
#include <linux/delay.h>

#include "faultline_device.h"
#include "faultline_evict.h"
#include "faultline_migration.h"
#include "faultline_trace.h"
#include "faultline_vram.h"

/* Blocks evicted for one region at most, including those that cannot be. */
#define EVICT_ATTEMPTS	64

/* Before a page that somebody holds is tried again. */
#define EVICT_PAUSE_MS	20

/* Evict one block. Return: pages moved; 0: it could not be done now. */
static u32 evict_block(struct faultline_migration *migration)
{
	u32 moved;

	migration->pages = faultline_vram_oldest(migration->fdev, migration->src);
	if (!migration->pages)
		return 0;
	moved = faultline_migration_move_pfns(migration);
	faultline_device_count(migration->fdev, FAULTLINE_COUNT_EVICTED, moved);
	faultline_device_count(migration->fdev, FAULTLINE_COUNT_TO_SYSTEM, moved);
	trace_faultline_migrate(migration->fdev, "evict", 0, migration->pages,
				moved);
	return moved;
}

/**
 * faultline_evict_for - make room for a region
 * @fdev: the device
 * @pages: 4 KiB pages, at most FAULTLINE_VRAM_BLOCK_PAGES; so many are one block
 *
 * No page is locked by the caller, nor the lock of an address space or @copy_lock
 * held. If it cannot be done, the migration that follows is partial.
 *
 * Return: 0 or -ENOMEM.
 */
int faultline_evict_for(struct faultline_device *fdev, u32 pages)
{
	struct faultline_migration eviction;
	int ret, i;

	might_sleep();
	lockdep_assert_not_held(&fdev->copy_lock);
	if (faultline_vram_has_room(fdev, pages))
		return 0;
	ret = faultline_migration_init(&eviction, fdev, FAULTLINE_TO_SYSTEM,
				       FAULTLINE_VRAM_BLOCK_PAGES);
	if (ret)
		return ret;
	for (i = 0; i < EVICT_ATTEMPTS; i++) {
		evict_block(&eviction);
		if (faultline_vram_has_room(fdev, pages))
			break;
	}
	faultline_migration_fini(&eviction);
	return 0;
}

/**
 * faultline_evict_all - move everything back and take the pages down
 * @fdev: the device; faultline_vram_stop() was called
 *
 * Returns when nothing is left in device memory. A page that somebody holds, or
 * for which there is no memory, is tried again until it has moved: giving up
 * would lose it. If the device has gone, so has the content: the pages stay until
 * their processes give them up, and who touches one gets SIGBUS.
 */
void faultline_evict_all(struct faultline_device *fdev)
{
	struct faultline_migration migration;

	might_sleep();
	lockdep_assert_not_held(&fdev->copy_lock);
	while (!faultline_vram_is_idle(fdev)) {
		if (faultline_migration_init(&migration, fdev,
					     FAULTLINE_TO_SYSTEM,
					     FAULTLINE_VRAM_BLOCK_PAGES)) {
			msleep(EVICT_PAUSE_MS);
			continue;
		}
		while (evict_block(&migration))
			;
		faultline_migration_fini(&migration);
		if (faultline_device_is_gone(fdev)) {
			faultline_vram_abandon(fdev);
			return;
		}
		wait_event_timeout(fdev->vram.idle, faultline_vram_is_idle(fdev),
				   msecs_to_jiffies(EVICT_PAUSE_MS));
	}
	faultline_vram_unmap(fdev);
}
