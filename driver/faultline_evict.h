/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Eviction from device memory. */
#ifndef _FAULTLINE_EVICT_H_
#define _FAULTLINE_EVICT_H_

#include <linux/types.h>

struct faultline_device;

#ifdef FAULTLINE_DEVICE_MEMORY

int faultline_evict_for(struct faultline_device *fdev, u32 pages);
void faultline_evict_all(struct faultline_device *fdev);

#else

static inline void faultline_evict_all(struct faultline_device *fdev) { }

#endif

#endif /* _FAULTLINE_EVICT_H_ */
