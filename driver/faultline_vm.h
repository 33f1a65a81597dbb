/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Address spaces: create, find, close. */
#ifndef _FAULTLINE_VM_H_
#define _FAULTLINE_VM_H_

#include <linux/lockdep.h>
#include <linux/sched.h>

#include "faultline_device.h"
#include "faultline_vm_types.h"

struct faultline_vm *faultline_vm_create(struct faultline_device *fdev);
struct faultline_vm *faultline_vm_find(struct faultline_device *fdev,
				       u64 instance);
void faultline_vm_put(struct faultline_vm *vm);
bool faultline_vm_enter(struct faultline_vm *vm);
void faultline_vm_exit(struct faultline_vm *vm);
void faultline_vm_close(struct faultline_vm *vm, bool stopped);
void faultline_vm_detach(struct faultline_vm *vm);

/* Its tables stay: the caller is the service thread, or has entered. */
static inline void faultline_vm_assert_entered(struct faultline_vm *vm)
{
	lockdep_assert(current->flags & PF_KTHREAD ||
		       lockdep_is_held(&vm->use_lock));
}

/* Counted for the address space and for its device. */
static inline void faultline_vm_count(struct faultline_vm *vm,
				      enum faultline_counter which, s64 n)
{
	faultline_counter_add(&vm->counters, which, n);
	faultline_device_count(vm->fdev, which, n);
}

#endif /* _FAULTLINE_VM_H_ */
