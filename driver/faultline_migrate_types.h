/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What is asked of a migration. */
#ifndef _FAULTLINE_MIGRATE_TYPES_H_
#define _FAULTLINE_MIGRATE_TYPES_H_

#include <linux/types.h>

/**
 * struct faultline_migrate_request - a range of the process to be moved
 */
struct faultline_migrate_request {
	/** @start: first byte, page aligned */
	u64 start;
	/** @end: behind the last byte, page aligned */
	u64 end;
	/**
	 * @fail_alloc: fault injection: the next allocation of memory fails, then
	 * this is cleared; NULL: none
	 */
	bool *fail_alloc;
	/** @moved: out: 4 KiB pages that were moved */
	u64 moved;
};

#endif /* _FAULTLINE_MIGRATE_TYPES_H_ */
