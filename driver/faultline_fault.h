/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Fault buffers: set up, interrupt, fetch. */
#ifndef _FAULTLINE_FAULT_H_
#define _FAULTLINE_FAULT_H_

#include "faultline_fault_types.h"
#include "faultline_regs.h"

struct faultline_device;

int faultline_fault_init(struct faultline_device *fdev);
void faultline_fault_fini(struct faultline_device *fdev);
int faultline_fault_start(struct faultline_device *fdev);
void faultline_fault_stop(struct faultline_device *fdev);
void faultline_fault_interrupt(struct faultline_device *fdev);
unsigned int faultline_fault_entries(void);
void faultline_fault_disable(struct faultline_device *fdev);

/* It needs a page that may be written. */
static inline bool faultline_fault_is_write(const struct faultline_fault *fault)
{
	switch (fault->access) {
	case FAULTLINE_ACCESS_TYPE_WRITE:
	case FAULTLINE_ACCESS_TYPE_ATOMIC:
	case FAULTLINE_ACCESS_TYPE_ATOMIC_WEAK:
		return true;
	default:
		return false;
	}
}

#endif /* _FAULTLINE_FAULT_H_ */
