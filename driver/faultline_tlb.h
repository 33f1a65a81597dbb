/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Invalidate, replay and cancel. */
#ifndef _FAULTLINE_TLB_H_
#define _FAULTLINE_TLB_H_

#include "faultline_tlb_types.h"

struct faultline_device;
struct faultline_fault;

enum faultline_tlb_wait {
	FAULTLINE_TLB_MAY_SLEEP,
	FAULTLINE_TLB_ATOMIC,
};

void faultline_tlb_init(struct faultline_device *fdev);
int faultline_tlb_start(struct faultline_device *fdev);
void faultline_tlb_invalidate(struct faultline_device *fdev, u64 pdb,
			      const struct faultline_tlb_range *range,
			      enum faultline_tlb_wait wait);
void faultline_tlb_invalidate_all(struct faultline_device *fdev, u64 pdb);
void faultline_tlb_replay(struct faultline_device *fdev, u64 pdb,
			  const struct faultline_tlb_range *upgraded);
void faultline_tlb_cancel(struct faultline_device *fdev, u64 pdb,
			  const struct faultline_fault *fault, u32 access_class);
void faultline_tlb_wait(struct faultline_device *fdev);
void faultline_tlb_refill(struct faultline_device *fdev);

#endif /* _FAULTLINE_TLB_H_ */
