// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Counters: from the kernel's form to the one user space sees. */
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

#include "faultline.h"
#include "faultline_counters.h"

static const char * const counter_names[FAULTLINE_COUNTERS] = {
	[FAULTLINE_COUNT_JOBS]			= "jobs",
	[FAULTLINE_COUNT_FAULTS]		= "faults",
	[FAULTLINE_COUNT_DUPLICATES]		= "duplicates",
	[FAULTLINE_COUNT_BATCHES]		= "batches",
	[FAULTLINE_COUNT_REPLAYS]		= "replays",
	[FAULTLINE_COUNT_CANCELS]		= "cancels",
	[FAULTLINE_COUNT_RESTARTS]		= "restarts",
	[FAULTLINE_COUNT_OVERFLOWS]		= "overflows",
	[FAULTLINE_COUNT_INTERRUPTS]		= "interrupts",
	[FAULTLINE_COUNT_INVALIDATIONS]		= "invalidations",
	[FAULTLINE_COUNT_INVALIDATIONS_UNMAPPED] = "invalidations_unmapped",
	[FAULTLINE_COUNT_TLB_INVALIDATES]	= "tlb_invalidates",
	[FAULTLINE_COUNT_PAGES_MAPPED]		= "pages_mapped",
	[FAULTLINE_COUNT_HUGE_MAPPED]		= "huge_mapped",
	[FAULTLINE_COUNT_PAGES_ZAPPED]		= "pages_zapped",
	[FAULTLINE_COUNT_RETRIES]		= "retries",
	[FAULTLINE_COUNT_DROPPED]		= "dropped",
	[FAULTLINE_COUNT_TO_DEVICE]		= "to_device",
	[FAULTLINE_COUNT_TO_SYSTEM]		= "to_system",
	[FAULTLINE_COUNT_CPU_FAULTS]		= "cpu_faults",
	[FAULTLINE_COUNT_EVICTED]		= "evicted",
	[FAULTLINE_COUNT_SPLITS]		= "splits",
	[FAULTLINE_COUNT_EXCLUSIVE]		= "exclusive",
	[FAULTLINE_COUNT_PREFETCHED]		= "prefetched",
	[FAULTLINE_COUNT_PINNED]		= "pinned",
	[FAULTLINE_COUNT_BIG_MAPPED]		= "big_mapped",
	[FAULTLINE_COUNT_PREFETCH_FILTERED]	= "prefetch_filtered",
	[FAULTLINE_COUNT_NOTIFICATIONS]		= "notifications",
	[FAULTLINE_COUNT_HOT_MOVED]		= "hot_moved",
};

/* The enumeration follows the structure of the uAPI: check both ends. */
static_assert(offsetof(struct faultline_counters, jobs) ==
	      FAULTLINE_COUNT_JOBS * sizeof(__u64));
static_assert(offsetof(struct faultline_counters, overflows) ==
	      FAULTLINE_COUNT_OVERFLOWS * sizeof(__u64));
static_assert(offsetof(struct faultline_counters, reserved) ==
	      FAULTLINE_COUNTERS * sizeof(__u64));

void faultline_counters_read(struct faultline_counter_set *set,
			     struct faultline_counters *out)
{
	u64 *value = (u64 *)out;
	int i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < FAULTLINE_COUNTERS; i++)
		value[i] = atomic64_read(&set->value[i]);
}

const char *faultline_counter_name(enum faultline_counter which)
{
	return counter_names[which];
}
