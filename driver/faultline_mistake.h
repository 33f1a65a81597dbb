/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Mistakes that a driver can make, and mishaps, for the tests of who has to notice them. */
#ifndef _FAULTLINE_MISTAKE_H_
#define _FAULTLINE_MISTAKE_H_

#include <linux/types.h>

enum faultline_mistake {
	FAULTLINE_MISTAKE_NONE,
	/* Entries are zapped, but the TLBs keep what they have. */
	FAULTLINE_MISTAKE_NO_INVALIDATE,
	/* Only the first page of a range is invalidated. */
	FAULTLINE_MISTAKE_SHORT_INVALIDATE,
	/* The TLBs are invalidated, but the entries stay valid. */
	FAULTLINE_MISTAKE_NO_ZAP,
	/* Migrations by this device are believed to have been seen to. */
	FAULTLINE_MISTAKE_IGNORE_MIGRATE,
	/* Entries name pages where no memory is. */
	FAULTLINE_MISTAKE_WILD_PTE,
	/* Directory entries name tables where no memory is. */
	FAULTLINE_MISTAKE_WILD_PDE,
	/* VALID of a fault packet stays set. */
	FAULTLINE_MISTAKE_KEEP_VALID,
	/* GET passes a fault packet before it is read. */
	FAULTLINE_MISTAKE_EARLY_GET,
	/* Faults are replayed, but not served. */
	FAULTLINE_MISTAKE_NO_SERVICE,
	/* Not the driver's own: invalidates get lost, and no acknowledge comes. */
	FAULTLINE_MISTAKE_LOST_INVALIDATE,
	/* Nor this: of pages that come back together, every other finds no memory. */
	FAULTLINE_MISTAKE_SHORT_OF_RAM,
	/* Nor this: the copy engine hears of no copy, and none ends. */
	FAULTLINE_MISTAKE_LOST_COPY,
};

/*
 * Only a module built with FAULTLINE_MISTAKES=1 makes any: the one named by its
 * parameter. To every other build this is nothing.
 */
#ifdef FAULTLINE_MISTAKES
bool faultline_mistake_is(enum faultline_mistake mistake);
#else
static inline bool faultline_mistake_is(enum faultline_mistake mistake)
{
	return false;
}
#endif

#define faultline_mistake(name) faultline_mistake_is(FAULTLINE_MISTAKE_ ## name)

#endif /* _FAULTLINE_MISTAKE_H_ */
