/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Counters, kept per open file and per device. */
#ifndef _FAULTLINE_COUNTERS_H_
#define _FAULTLINE_COUNTERS_H_

#include <linux/atomic.h>

struct faultline_counters;

/* In the order of struct faultline_counters. */
enum faultline_counter {
	FAULTLINE_COUNT_JOBS,
	FAULTLINE_COUNT_FAULTS,
	FAULTLINE_COUNT_DUPLICATES,
	FAULTLINE_COUNT_BATCHES,
	FAULTLINE_COUNT_REPLAYS,
	FAULTLINE_COUNT_CANCELS,
	FAULTLINE_COUNT_RESTARTS,
	FAULTLINE_COUNT_OVERFLOWS,
	FAULTLINE_COUNT_INTERRUPTS,
	FAULTLINE_COUNT_INVALIDATIONS,
	FAULTLINE_COUNT_INVALIDATIONS_UNMAPPED,
	FAULTLINE_COUNT_TLB_INVALIDATES,
	FAULTLINE_COUNT_PAGES_MAPPED,
	FAULTLINE_COUNT_HUGE_MAPPED,
	FAULTLINE_COUNT_PAGES_ZAPPED,
	FAULTLINE_COUNT_RETRIES,
	FAULTLINE_COUNT_DROPPED,
	FAULTLINE_COUNT_TO_DEVICE,
	FAULTLINE_COUNT_TO_SYSTEM,
	FAULTLINE_COUNT_CPU_FAULTS,
	FAULTLINE_COUNT_EVICTED,
	FAULTLINE_COUNT_SPLITS,
	FAULTLINE_COUNT_EXCLUSIVE,
	FAULTLINE_COUNT_PREFETCHED,
	FAULTLINE_COUNT_PINNED,
	FAULTLINE_COUNT_BIG_MAPPED,
	FAULTLINE_COUNT_PREFETCH_FILTERED,
	FAULTLINE_COUNT_NOTIFICATIONS,
	FAULTLINE_COUNT_HOT_MOVED,
	FAULTLINE_COUNTERS
};

struct faultline_counter_set {
	atomic64_t value[FAULTLINE_COUNTERS];
};

static inline void faultline_counter_add(struct faultline_counter_set *set,
					 enum faultline_counter which, s64 n)
{
	atomic64_add(n, &set->value[which]);
}

void faultline_counters_read(struct faultline_counter_set *set,
			     struct faultline_counters *out);
const char *faultline_counter_name(enum faultline_counter which);

#endif /* _FAULTLINE_COUNTERS_H_ */
