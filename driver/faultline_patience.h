/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* When a device that is asked again and again has had its time. */
#ifndef _FAULTLINE_PATIENCE_H_
#define _FAULTLINE_PATIENCE_H_

#include <linux/ktime.h>

/*
 * Time alone does not tell: the device is a process, or a whole machine is
 * virtual, and what does not run for a second has done nothing wrong. Each
 * register read that was answered is proof that the device ran, so it is given
 * up when it has been asked often, and for long.
 */
#define FAULTLINE_PATIENCE_READS	4096

/* And so long for an operation of the MMU, which takes some microseconds. */
#define FAULTLINE_PATIENCE_MMU_US	(1ull * USEC_PER_SEC)

struct faultline_patience {
	ktime_t until;
	u32 reads;
};

static inline struct faultline_patience faultline_patience_of(u64 us)
{
	struct faultline_patience patience = {
		.until = ktime_add_us(ktime_get(), us),
		.reads = 0,
	};

	return patience;
}

/* To be asked once for each register read, for read_poll_timeout() without a limit. */
static inline bool faultline_patience_over(struct faultline_patience *patience)
{
	return ++patience->reads >= FAULTLINE_PATIENCE_READS &&
	       ktime_after(ktime_get(), patience->until);
}

#endif /* _FAULTLINE_PATIENCE_H_ */
