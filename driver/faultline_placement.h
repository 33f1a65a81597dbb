/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What is served with a fault, and where it is to be. */
#ifndef _FAULTLINE_PLACEMENT_H_
#define _FAULTLINE_PLACEMENT_H_

#include "faultline_access_types.h"
#include "faultline_fault_types.h"

struct faultline_vm;

/**
 * struct faultline_region - pages that are served together
 */
struct faultline_region {
	/** @start: first page */
	u64 start;
	/** @pages: how many; all in one 2 MiB region */
	u32 pages;
	/** @populate: all of them, not only what faulted or is there already */
	bool populate;
};

void faultline_placement_choose(struct faultline_vm *vm,
				const struct faultline_fault *faults, u32 count,
				struct faultline_region *region);
void faultline_placement_move(struct faultline_vm *vm, u64 va);
void faultline_placement_move_hot(struct faultline_vm *vm,
				  const struct faultline_hot *hot);

#endif /* _FAULTLINE_PLACEMENT_H_ */
