/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Memory that goes back and forth between CPU and device is left where it is. */
#ifndef _FAULTLINE_THRASH_H_
#define _FAULTLINE_THRASH_H_

#include <linux/xarray.h>

struct faultline_vm;

/**
 * struct faultline_thrash - what is known of regions that move by faults
 *
 * Used by the service thread alone.
 */
struct faultline_thrash {
	/** @regions: of 2 MiB, by their number */
	struct xarray regions;
};

void faultline_thrash_init(struct faultline_thrash *thrash);
void faultline_thrash_fini(struct faultline_thrash *thrash);
bool faultline_thrash_is_pinned(struct faultline_vm *vm, u64 va);
void faultline_thrash_note_move(struct faultline_vm *vm, u64 va);

#endif /* _FAULTLINE_THRASH_H_ */
