/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Kernel memory that the device reaches in an address space, beyond the process's. */
#ifndef _FAULTLINE_BOUNCE_H_
#define _FAULTLINE_BOUNCE_H_

#include <linux/bits.h>
#include <linux/sizes.h>
#include <linux/types.h>

#define FAULTLINE_BOUNCE_CHUNK	SZ_2M

/* Beyond the 47 bits of a process that does not ask for more. */
#define FAULTLINE_BOUNCE_VA	BIT_ULL(48)

struct faultline_vm;

/**
 * struct faultline_bounce - memory, mapped from FAULTLINE_BOUNCE_VA on
 */
struct faultline_bounce {
	/** @chunks: pieces of FAULTLINE_BOUNCE_CHUNK each */
	void **chunks;
	/** @count: how many */
	u32 count;
};

int faultline_bounce_grow(struct faultline_vm *vm,
			  struct faultline_bounce *bounce, u64 bytes);
void faultline_bounce_free(struct faultline_bounce *bounce);
int faultline_bounce_read(const struct faultline_bounce *bounce,
			  void __user *to, u64 bytes);
int faultline_bounce_write(struct faultline_bounce *bounce,
			   const void __user *from, u64 bytes);

#endif /* _FAULTLINE_BOUNCE_H_ */
