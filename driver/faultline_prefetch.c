// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Prefetch by density: where much of a region is in use, the rest of it is served along. */
#include <linux/bitmap.h>
#include <linux/math.h>
#include <linux/module.h>

#include "faultline_prefetch.h"
#include "faultline_table.h"

/**
 * DOC: A tree over 2 MiB
 *
 * The 512 pages of a region are the leaves of a binary tree. A node is dense
 * when more than @prefetch_density per cent of its pages are mapped for the
 * device or faulted on just now. The largest dense node above the fault is
 * served as a whole. A device that works through memory in order so takes a
 * fault per doubling, not one per page; one that touches a page here and there
 * gets just these.
 */

static unsigned int prefetch_density = 51;
module_param(prefetch_density, uint, 0644);
MODULE_PARM_DESC(prefetch_density, "per cent of a region in use above which all of it is served; 100: never (default: 51)");

/* Below a word, bitmap_weight() cannot begin where the node does. */
static u32 pages_in_use(const unsigned long *occupied, u32 start, u32 pages)
{
	if (pages < BITS_PER_LONG)
		return hweight_long(bitmap_read(occupied, start, pages));
	return bitmap_weight(occupied + BIT_WORD(start), pages);
}

/**
 * faultline_prefetch_subtree - the largest dense subtree
 * @occupied: pages of a 2 MiB region that are mapped or faulted on
 * @page: one of them, in the subtree
 * @pages: where to begin: a power of two
 *
 * Return: its pages, a power of two; @page rounded down to it is its first. 0:
 * none from @pages up is dense.
 */
u32 faultline_prefetch_subtree(const unsigned long *occupied, u32 page,
			       u32 pages)
{
	u32 dense = 0, start;

	for (; pages <= FAULTLINE_HUGE_PAGES; pages *= 2) {
		start = round_down(page, pages);
		if (pages_in_use(occupied, start, pages) * 100 >
		    pages * READ_ONCE(prefetch_density))
			dense = pages;
	}
	return dense;
}
