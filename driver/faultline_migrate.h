/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Pages on their way between system and device memory. */
#ifndef _FAULTLINE_MIGRATE_H_
#define _FAULTLINE_MIGRATE_H_

#include <linux/errno.h>
#include <linux/mm_types.h>

#include "faultline_migrate_types.h"

struct faultline_device;
struct faultline_vm;

#ifdef FAULTLINE_DEVICE_MEMORY

int faultline_migrate_to_device(struct faultline_vm *vm,
				struct faultline_migrate_request *request);
int faultline_migrate_to_system(struct faultline_vm *vm,
				struct faultline_migrate_request *request);
vm_fault_t faultline_migrate_to_ram(struct vm_fault *vmf);

#else /* system memory only */

static inline int
faultline_migrate_to_device(struct faultline_vm *vm,
			    struct faultline_migrate_request *request)
{
	return -EOPNOTSUPP;
}

static inline int
faultline_migrate_to_system(struct faultline_vm *vm,
			    struct faultline_migrate_request *request)
{
	return -EOPNOTSUPP;
}

#endif

#endif /* _FAULTLINE_MIGRATE_H_ */
