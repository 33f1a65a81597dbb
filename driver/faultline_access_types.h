/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Access counters: their notifications, and where these arrive. */
#ifndef _FAULTLINE_ACCESS_TYPES_H_
#define _FAULTLINE_ACCESS_TYPES_H_

#include <linux/types.h>

/**
 * struct faultline_hot - a region of 2 MiB that the device uses often
 */
struct faultline_hot {
	/** @va: first address */
	u64 va;
	/** @parts: which 32nds of it */
	u32 parts;
	/** @tag: the counter, to be cleared once that has been dealt with */
	u32 tag;
};

/**
 * struct faultline_access - the buffer of notifications
 *
 * Between start and stop under &faultline_faults.fetch_lock; the interrupt looks
 * at @get as at &faultline_packet_ring.get.
 */
struct faultline_access {
	/** @threshold: accesses that make a region hot; 0: nothing is counted */
	u32 threshold;
	/** @get: next entry to read */
	u32 get;
	/** @entries: the ring, NULL if nothing is counted */
	__le32 *entries;
	/** @dma: where the device finds it */
	dma_addr_t dma;
};

#endif /* _FAULTLINE_ACCESS_TYPES_H_ */
