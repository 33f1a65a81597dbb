/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Prefetch faults are turned off for a while when most of them are for nothing. */
#ifndef _FAULTLINE_PRF_H_
#define _FAULTLINE_PRF_H_

#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct faultline_device;

/**
 * struct faultline_prf - what the filter of prefetch faults knows
 */
struct faultline_prf {
	/** @lock: protects @served and @invalid */
	spinlock_t lock;
	/** @served: prefetch faults of the sample so far */
	u32 served;
	/** @invalid: of them, those to addresses that the process may not read */
	u32 invalid;
	/** @send_again: ends the filter */
	struct delayed_work send_again;
};

void faultline_prf_init(struct faultline_device *fdev);
void faultline_prf_start(struct faultline_device *fdev);
void faultline_prf_stop(struct faultline_device *fdev);
void faultline_prf_note(struct faultline_device *fdev, int error);

#endif /* _FAULTLINE_PRF_H_ */
