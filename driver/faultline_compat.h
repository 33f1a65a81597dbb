/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What differs between the kernels that the driver builds for. */
#ifndef _FAULTLINE_COMPAT_H_
#define _FAULTLINE_COMPAT_H_

#include <linux/dma-mapping.h>
#include <linux/hmm.h>
#include <linux/mm.h>
#include <linux/slab.h>

#ifndef kzalloc_obj
#define kzalloc_obj(object)	kzalloc(sizeof(object), GFP_KERNEL)
#define kvzalloc_obj(object)	kvzalloc(sizeof(object), GFP_KERNEL)
#endif

/*
 * The mapping of a page that CPUs and devices use at the same time, by as many
 * entries as there are mappings of it (the zero page has many): never bounced,
 * and no overlap for DMA_API_DEBUG. 6.12 has no word for that.
 */
#ifndef DMA_ATTR_REQUIRE_COHERENT
#define DMA_ATTR_REQUIRE_COHERENT	0
#endif

/*
 * FAULTLINE_HAVE_HMM_UNLOCKED comes from Kbuild, which looks into the kernel's
 * hmm.h. Without it (6.12) a page whose fault handler must drop the mmap lock,
 * such as one registered with userfaultfd, cannot be faulted in: -EFAULT.
 */
static inline int faultline_hmm_range_fault(struct hmm_range *range,
					    unsigned long timeout)
{
#ifdef FAULTLINE_HAVE_HMM_UNLOCKED
	return hmm_range_fault_unlocked_timeout(range, timeout);
#else
	struct mm_struct *mm = range->notifier->mm;
	int ret;

	range->notifier_seq = mmu_interval_read_begin(range->notifier);
	mmap_read_lock(mm);
	ret = hmm_range_fault(range);
	mmap_read_unlock(mm);
	return ret;
#endif
}

#endif /* _FAULTLINE_COMPAT_H_ */
