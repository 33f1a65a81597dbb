/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Copy channels that a fault has switched out. */
#ifndef _FAULTLINE_RESTART_H_
#define _FAULTLINE_RESTART_H_

struct faultline_device;
struct faultline_fault;
struct faultline_vm;

void faultline_restart_lost(struct faultline_device *fdev);
void faultline_restart_expect(struct faultline_vm *vm,
			      const struct faultline_fault *fault);
void faultline_restart_served(struct faultline_vm *vm,
			      const struct faultline_fault *fault);
void faultline_restart_failed(struct faultline_vm *vm,
			      const struct faultline_fault *fault, int error);

#endif /* _FAULTLINE_RESTART_H_ */
