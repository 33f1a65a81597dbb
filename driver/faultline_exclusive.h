/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Pages that only the device reaches, for its atomics. */
#ifndef _FAULTLINE_EXCLUSIVE_H_
#define _FAULTLINE_EXCLUSIVE_H_

#include <linux/errno.h>
#include <linux/mmu_notifier.h>

#include "faultline_mirror.h"

struct faultline_vm;

#ifdef FAULTLINE_DEVICE_MEMORY

int faultline_exclusive_map(struct faultline_vm *vm,
			    struct faultline_window *window, u64 va);

/* An address space that claims a page need not forget it: it is the same page. */
static inline bool
faultline_exclusive_is_own(const struct faultline_vm *vm,
			   const struct mmu_notifier_range *range)
{
	return range->event == MMU_NOTIFY_EXCLUSIVE && range->owner == vm;
}

#else

static inline int faultline_exclusive_map(struct faultline_vm *vm,
					  struct faultline_window *window, u64 va)
{
	return -EOPNOTSUPP;
}

static inline bool
faultline_exclusive_is_own(const struct faultline_vm *vm,
			   const struct mmu_notifier_range *range)
{
	return false;
}

#endif

#endif /* _FAULTLINE_EXCLUSIVE_H_ */
