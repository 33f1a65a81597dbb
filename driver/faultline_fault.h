/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Fault buffers: set up, interrupt, fetch. */
#ifndef _FAULTLINE_FAULT_H_
#define _FAULTLINE_FAULT_H_

#include "faultline_fault_types.h"

struct faultline_device;

int faultline_fault_init(struct faultline_device *fdev);
void faultline_fault_fini(struct faultline_device *fdev);
int faultline_fault_start(struct faultline_device *fdev);
void faultline_fault_stop(struct faultline_device *fdev);
void faultline_fault_interrupt(struct faultline_device *fdev);
unsigned int faultline_fault_entries(void);
void faultline_fault_disable(struct faultline_device *fdev);

#endif /* _FAULTLINE_FAULT_H_ */
