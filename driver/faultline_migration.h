/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* One migration, from collected pages to their new places. */
#ifndef _FAULTLINE_MIGRATION_H_
#define _FAULTLINE_MIGRATION_H_

#include <linux/types.h>

#include "faultline_copy.h"

struct faultline_device;
struct migrate_vma;

/**
 * enum faultline_direction - where pages go
 */
enum faultline_direction {
	/** @FAULTLINE_TO_DEVICE: from system memory to device memory */
	FAULTLINE_TO_DEVICE,
	/** @FAULTLINE_TO_SYSTEM: back */
	FAULTLINE_TO_SYSTEM,
};

/**
 * struct faultline_migration - one migration under way
 */
struct faultline_migration {
	/** @fdev: the device */
	struct faultline_device *fdev;
	/** @direction: where to */
	enum faultline_direction direction;
	/** @vma: the mapping; NULL: by page frames */
	struct migrate_vma *vma;
	/** @src: where pages are, as the kernel has it */
	unsigned long *src;
	/** @dst: where they go */
	unsigned long *dst;
	/** @pages: entries of @src and @dst in use */
	u32 pages;
	/** @fail_alloc: see &faultline_migrate_request.fail_alloc */
	bool *fail_alloc;
	/** @copies: what the engine is to do */
	struct faultline_copy *copies;
	/** @copy_count: how many */
	u32 copy_count;
	/** @dma: DMA addresses of the system pages, 0: none */
	dma_addr_t *dma;
};

int faultline_migration_init(struct faultline_migration *migration,
			     struct faultline_device *fdev,
			     enum faultline_direction direction, u32 pages);
void faultline_migration_fini(struct faultline_migration *migration);
int faultline_migration_move_vma(struct faultline_migration *migration,
				 struct migrate_vma *vma, u32 *moved);
u32 faultline_migration_move_pfns(struct faultline_migration *migration);

#endif /* _FAULTLINE_MIGRATION_H_ */
