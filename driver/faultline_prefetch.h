/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* How much of a region is served with a fault. */
#ifndef _FAULTLINE_PREFETCH_H_
#define _FAULTLINE_PREFETCH_H_

#include <linux/types.h>

u32 faultline_prefetch_subtree(const unsigned long *occupied, u32 page,
			       u32 pages);

#endif /* _FAULTLINE_PREFETCH_H_ */
